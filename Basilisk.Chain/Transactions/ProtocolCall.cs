using Basilisk.Chain.Hashing;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.Transactions;

/// <summary>
/// A call on the protocol itself: a transaction to <see cref="Address"/> whose calldata is coded as the Solidity ABI
/// codes a function call, so that any Ethereum library can make one.
/// </summary>
public abstract record ProtocolCall
{
    /// <summary>The one protocol address. Nobody has its key; coins cannot be sent to it, because a call must name its function.</summary>
    public static readonly Address Address = Address.Parse("0x000000000000000000000000000000000000b51c");

    private const int SelectorSize = 4;

    /// <summary>The calldata: four selector bytes and 32 bytes per argument.</summary>
    public abstract byte[] Encode();

    /// <summary>The call a transaction makes; null where it is to another address; refused where it is to the protocol but no call.</summary>
    public static Verdict<ProtocolCall?> Read(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        if (transaction.To != Address)
        {
            return Verdict<ProtocolCall?>.Accept(null);
        }

        return Decode(transaction.Data.Span).TryGet(out ProtocolCall? call, out Refusal? refusal) ? call : refusal;
    }

    /// <summary>Reads calldata; the only accepted form is the one <see cref="Encode()"/> writes.</summary>
    public static Verdict<ProtocolCall> Decode(ReadOnlySpan<byte> data)
    {
        if (data.Length >= SelectorSize && data[..SelectorSize].SequenceEqual(CommitCall.Selector))
        {
            return WrongLength(data, CommitCall.Arguments) is { } refusal ? refusal : new CommitCall(Argument(data, 0), Argument(data, 1));
        }

        if (data.Length >= SelectorSize && data[..SelectorSize].SequenceEqual(RevealCall.Selector))
        {
            return WrongLength(data, RevealCall.Arguments) is { } refusal
                ? refusal
                : new RevealCall(Argument(data, 0), Argument(data, 1), Argument(data, 2));
        }

        return new Refusal(
            RefusalKind.Isolation, TransactionToken.ProtocolCallUnknown, "The calldata begins with no selector of the protocol, in bytes.", data.Length, SelectorSize);
    }

    private protected static ReadOnlySpan<byte> SelectorOf(ReadOnlySpan<byte> signature) =>
        Keccak256.Hash(signature).ToArray().AsSpan(0, SelectorSize);

    private protected static byte[] Encode(ReadOnlySpan<byte> selector, params ReadOnlySpan<Hash256> arguments)
    {
        var data = new byte[SelectorSize + (Hash256.Size * arguments.Length)];
        selector.CopyTo(data);
        for (int i = 0; i < arguments.Length; i++)
        {
            arguments[i].CopyTo(data.AsSpan(SelectorSize + (Hash256.Size * i)));
        }

        return data;
    }

    private static Hash256 Argument(ReadOnlySpan<byte> data, int index) =>
        new(data.Slice(SelectorSize + (Hash256.Size * index), Hash256.Size));

    private static Refusal? WrongLength(ReadOnlySpan<byte> data, int arguments)
    {
        int length = SelectorSize + (Hash256.Size * arguments);
        return data.Length == length
            ? null
            : new Refusal(RefusalKind.Isolation, TransactionToken.ProtocolCallLength, "The calldata is not exactly the call's arguments, in bytes.", data.Length, length);
    }
}

/// <summary><c>commit(bytes32 unit, bytes32 commitment)</c>: binds a work unit to a payload not yet shown.</summary>
public sealed record CommitCall(Hash256 Unit, Hash256 Commitment) : ProtocolCall
{
    internal const int Arguments = 2;

    private static readonly byte[] SelectorBytes = [.. SelectorOf("commit(bytes32,bytes32)"u8)];

    /// <summary>The first four bytes of the Keccak-256 hash of the function's signature.</summary>
    public static ReadOnlySpan<byte> Selector => SelectorBytes;

    public override byte[] Encode() => Encode(Selector, Unit, Commitment);
}

/// <summary><c>reveal(bytes32 unit, bytes32 payloadHash, bytes32 salt)</c>: opens a commitment; the payload travels in the block's side-car.</summary>
public sealed record RevealCall(Hash256 Unit, Hash256 PayloadHash, Hash256 Salt) : ProtocolCall
{
    internal const int Arguments = 3;

    private static readonly byte[] SelectorBytes = [.. SelectorOf("reveal(bytes32,bytes32,bytes32)"u8)];

    /// <summary>The first four bytes of the Keccak-256 hash of the function's signature.</summary>
    public static ReadOnlySpan<byte> Selector => SelectorBytes;

    public override byte[] Encode() => Encode(Selector, Unit, PayloadHash, Salt);
}
