using System.Collections.Immutable;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Rlp;
using Basilisk.Chain.Transactions;

namespace Basilisk.Chain.Blocks;

/// <summary>
/// The one byte form of a block: RLP [header (280 bytes), [transaction…], [payload…]], each transaction a byte string
/// in Ethereum's encoding. Caps are checked before anything is copied.
/// </summary>
public static class BlockCodec
{
    /// <summary>Bytes that the RLP framing of a block may add to its parts: nine for each item.</summary>
    private const int FramePerItem = 9;

    /// <summary>Transactions from which on a block's are decoded in parallel.</summary>
    private const int ParallelFrom = 8;

    public static byte[] Encode(Block block)
    {
        ArgumentNullException.ThrowIfNull(block);
        var rlp = new RlpWriter((int)SizeOf(block));
        rlp.BeginList().Write(block.Header.Encode()).BeginList();
        foreach (Transaction transaction in block.Transactions)
        {
            rlp.Write(transaction.Encoded);
        }

        rlp.EndList().BeginList();
        foreach (ReadOnlyMemory<byte> payload in block.Payloads)
        {
            rlp.Write(payload.Span);
        }

        return rlp.EndList().EndList().ToArray();
    }

    /// <summary>Decodes a block of a network. Refuses anything that is not its one encoding, or above a cap.</summary>
    public static Verdict<Block> Decode(ReadOnlySpan<byte> bytes, BlockCaps caps)
    {
        ArgumentNullException.ThrowIfNull(caps);
        if (bytes.Length > caps.BlockBytes)
        {
            return new Refusal(RefusalKind.Malformed, Tokens.BlockTooLarge, "The block is too large.", bytes.Length, caps.BlockBytes);
        }

        var rlp = new RlpReader(bytes);
        rlp.EnterList("block");
        ReadOnlySpan<byte> headerBytes = rlp.ReadExactly(BlockHeader.Size, "header");
        if (rlp.Refusal is { } frameRefusal)
        {
            return frameRefusal;
        }

        if (!HeaderCodec.Decode(headerBytes).TryGet(out BlockHeader? header, out Refusal? headerRefusal))
        {
            return headerRefusal;
        }

        if (ReadTransactions(ref rlp, caps, out ImmutableArray<Transaction> transactions) is { } transactionRefusal)
        {
            return transactionRefusal;
        }

        if (ReadPayloads(ref rlp, caps, out ImmutableArray<ReadOnlyMemory<byte>> payloads) is { } payloadRefusal)
        {
            return payloadRefusal;
        }

        rlp.LeaveList("block");
        rlp.End();
        return rlp.Refusal is { } refusal ? refusal : new Block(header, transactions, payloads);
    }

    /// <summary>A block's bytes from those of the same block without its side-car, and the side-car: nothing is decoded.</summary>
    /// <exception cref="ArgumentException">The bytes are no block.</exception>
    public static byte[] WithPayloads(ReadOnlySpan<byte> bare, IReadOnlyList<ReadOnlyMemory<byte>> payloads)
    {
        ArgumentNullException.ThrowIfNull(payloads);
        var reader = new RlpReader(bare);
        reader.EnterList("block");
        ReadOnlySpan<byte> header = reader.ReadEncoded("header");
        ReadOnlySpan<byte> transactions = reader.ReadEncoded("transactions");
        if (reader.Failed)
        {
            throw new ArgumentException($"These bytes are no block: {reader.Refusal}", nameof(bare));
        }

        var rlp = new RlpWriter(bare.Length + payloads.Sum(payload => payload.Length + FramePerItem));
        rlp.BeginList().WriteEncoded(header).WriteEncoded(transactions).BeginList();
        foreach (ReadOnlyMemory<byte> payload in payloads)
        {
            rlp.Write(payload.Span);
        }

        return rlp.EndList().EndList().ToArray();
    }

    /// <summary>Most bytes of a block without a body.</summary>
    public const long EmptySize = BlockHeader.Size + (4 * FramePerItem);

    /// <summary>Bytes of a block's parts and, at most, of their framing.</summary>
    public static long SizeOf(Block block)
    {
        ArgumentNullException.ThrowIfNull(block);
        return EmptySize + block.Transactions.Sum(SizeOf) + block.Payloads.Sum(SizeOf);
    }

    /// <summary>Most bytes that a transaction adds to a block.</summary>
    public static long SizeOf(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return transaction.Size + FramePerItem;
    }

    /// <summary>Most bytes that a payload adds to a block.</summary>
    public static long SizeOf(ReadOnlyMemory<byte> payload) => payload.Length + FramePerItem;

    private static Refusal? ReadTransactions(ref RlpReader rlp, BlockCaps caps, out ImmutableArray<Transaction> transactions)
    {
        var encoded = new List<byte[]>();
        transactions = [];
        rlp.EnterList("transactions");
        while (rlp.HasMore)
        {
            if (encoded.Count >= caps.Transactions)
            {
                return new Refusal(RefusalKind.Malformed, Tokens.TransactionCount, "Too many transactions.", encoded.Count + 1, caps.Transactions);
            }

            ReadOnlySpan<byte> bytes = rlp.ReadBytes(Transaction.MaximumSize, "transaction");
            if (rlp.Failed)
            {
                return rlp.Refusal;
            }

            encoded.Add(bytes.ToArray());
        }

        rlp.LeaveList("transactions");
        return rlp.Refusal ?? Decode(encoded, out transactions);
    }

    /// <summary>Decodes transactions, on all cores where there are many: recovering a sender costs more than all else in a block.</summary>
    private static Refusal? Decode(List<byte[]> encoded, out ImmutableArray<Transaction> transactions)
    {
        var decoded = new Verdict<Transaction>[encoded.Count];
        if (encoded.Count >= ParallelFrom)
        {
            Parallel.For(0, encoded.Count, i => decoded[i] = Transaction.Decode(encoded[i]));
        }
        else
        {
            for (int i = 0; i < encoded.Count; i++)
            {
                decoded[i] = Transaction.Decode(encoded[i]);
            }
        }

        transactions = [];
        foreach (Verdict<Transaction> verdict in decoded)
        {
            if (verdict.Refusal is { } refusal)
            {
                return refusal;
            }
        }

        transactions = [.. decoded.Select(verdict => verdict.Value)];
        return null;
    }

    private static Refusal? ReadPayloads(ref RlpReader rlp, BlockCaps caps, out ImmutableArray<ReadOnlyMemory<byte>> payloads)
    {
        ImmutableArray<ReadOnlyMemory<byte>>.Builder read = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
        payloads = [];
        rlp.EnterList("payloads");
        while (rlp.HasMore)
        {
            if (read.Count >= caps.PayloadsPerBlock)
            {
                return new Refusal(RefusalKind.Malformed, Tokens.PayloadCount, "Too many payloads.", read.Count + 1, caps.PayloadsPerBlock);
            }

            ReadOnlySpan<byte> bytes = rlp.ReadBytes(field: "payload");
            if (bytes.Length > caps.PayloadBytes)
            {
                return new Refusal(RefusalKind.Malformed, Tokens.PayloadTooLarge, "A payload is too large.", bytes.Length, caps.PayloadBytes);
            }

            read.Add(bytes.ToArray());
        }

        rlp.LeaveList("payloads");
        payloads = read.ToImmutable();
        return rlp.Refusal;
    }
}
