namespace Basilisk.Chain.Transactions;

/// <summary>
/// The gas a transaction uses before any execution; in Basilisk, all it uses. Prices are Ethereum's: a base amount,
/// calldata by EIP-2028, access lists by EIP-2930.
/// </summary>
public static class IntrinsicGas
{
    public const ulong Base = 21_000;

    public const ulong PerZeroByte = 4;

    public const ulong PerNonZeroByte = 16;

    public const ulong PerAccessListAddress = 2_400;

    public const ulong PerAccessListKey = 1_900;

    /// <summary>The gas of a transaction with this calldata and access list.</summary>
    public static ulong Of(ReadOnlySpan<byte> data, ReadOnlySpan<AccessListEntry> accessList)
    {
        int zeros = data.Count((byte)0);
        ulong gas = Base + (PerZeroByte * (ulong)zeros) + (PerNonZeroByte * (ulong)(data.Length - zeros));
        foreach (AccessListEntry entry in accessList)
        {
            gas += PerAccessListAddress + (PerAccessListKey * (ulong)entry.StorageKeys.Length);
        }

        return gas;
    }
}
