using Basilisk.Chain.Refusals;

namespace Basilisk.Wallet.Keystores;

/// <summary>How hard a password is to guess (RFC 7914): 128·N·r bytes of memory, N·r·p units of work.</summary>
/// <param name="N">Rows of the table: a power of two above 1.</param>
/// <param name="R">Block size in units of 128 bytes.</param>
/// <param name="P">Independent repetitions.</param>
public readonly record struct ScryptParameters(int N, int R, int P)
{
    /// <summary>Bytes at most: twice what the most careful wallets write, far below what would hurt a small machine's node.</summary>
    public const long MaximumMemory = 512L << 20;

    /// <summary>N·r·p at most: about eight seconds.</summary>
    public const long MaximumWork = 1L << 23;

    /// <summary>What ethers writes: 128 MiB and about half a second.</summary>
    public static ScryptParameters Standard => new(1 << 17, 8, 1);

    /// <summary>For tests and for keys that guard nothing.</summary>
    public static ScryptParameters Light => new(1 << 12, 8, 1);

    /// <summary>Null where the parameters are well-formed and within the caps.</summary>
    public Refusal? Check()
    {
        if (N < 2 || !int.IsPow2(N) || R < 1 || P < 1)
        {
            return new Refusal(RefusalKind.Malformed, WalletToken.KeystoreMalformed, "scrypt's n is a power of two above 1, r and p are positive.", N);
        }

        long memory = 128L * N * R;
        if (R > 1024 || P > 1024 || memory > MaximumMemory)
        {
            return new Refusal(RefusalKind.Malformed, WalletToken.KeystoreDerivationTooCostly, "scrypt asks for too much memory, in bytes.", memory, MaximumMemory);
        }

        long work = (long)N * R * P;
        return work > MaximumWork
            ? new Refusal(RefusalKind.Malformed, WalletToken.KeystoreDerivationTooCostly, "scrypt asks for too much work, in n·r·p.", work, MaximumWork)
            : null;
    }
}
