using System.Collections.Immutable;
using System.Text;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Rlp;
using Basilisk.Chain.Transactions;
using Basilisk.Exact.Hashing;

namespace Basilisk.Node.Peers.Messages;

/// <summary>Reads one item of a list.</summary>
internal delegate T ReadItem<out T>(ref RlpReader rlp);

/// <summary>Fields that several messages have. Readers refuse through the reader, so that a decoder is a straight line.</summary>
internal static class MessageFields
{
    private const char FirstPrintable = ' ';
    private const char LastPrintable = '~';

    public static ulong ReadRequestId(this ref RlpReader rlp) => rlp.ReadUInt64("request id");

    /// <summary>A list whose items are counted, and the count checked, before anything is allocated.</summary>
    public static ImmutableArray<T> ReadItems<T>(this ref RlpReader rlp, long most, string field, ReadItem<T> read)
    {
        rlp.EnterList(field);
        int count = rlp.CountItems(int.MaxValue, field);
        if (count > most)
        {
            rlp.Refuse(PeerTokens.MessageCount, field, "are more than allowed", count, most);
        }

        if (rlp.Failed)
        {
            return [];
        }

        ImmutableArray<T>.Builder items = ImmutableArray.CreateBuilder<T>(count);
        while (rlp.HasMore)
        {
            items.Add(read(ref rlp));
        }

        rlp.LeaveList(field);
        return rlp.Failed ? [] : items.MoveToImmutable();
    }

    public static ImmutableArray<Hash256> ReadHashes(this ref RlpReader rlp, long most, string field) =>
        rlp.ReadItems(most, field, static (ref RlpReader item) => item.ReadHash());

    public static RlpWriter WriteHashes(this RlpWriter rlp, ImmutableArray<Hash256> hashes)
    {
        rlp.BeginList();
        foreach (Hash256 hash in hashes)
        {
            rlp.Write(hash);
        }

        return rlp.EndList();
    }

    public static BlockHeader ReadHeader(ref RlpReader rlp)
    {
        ReadOnlySpan<byte> bytes = rlp.ReadExactly(BlockHeader.Size, "header");
        return rlp.Failed ? None.Header : rlp.Take(HeaderCodec.Decode(bytes), "header") ?? None.Header;
    }

    public static Transaction? ReadTransaction(ref RlpReader rlp)
    {
        ReadOnlySpan<byte> bytes = rlp.ReadBytes(Transaction.MaximumSize, "transaction");
        return rlp.Failed ? null : rlp.Take(Transaction.Decode(bytes), "transaction");
    }

    /// <summary>A payload of at most so many bytes, copied.</summary>
    public static ReadOnlyMemory<byte> ReadPayload(ref RlpReader rlp, uint most)
    {
        ReadOnlySpan<byte> bytes = rlp.ReadBytes(field: "payload");
        if (bytes.Length > most)
        {
            rlp.Refuse(Tokens.PayloadTooLarge, "payload", "is too large", bytes.Length, most);
        }

        return rlp.Failed ? default : bytes.ToArray();
    }

    /// <summary>Printable ASCII of at most so many characters.</summary>
    public static string ReadText(this ref RlpReader rlp, int most, string field, string token = PeerTokens.TextNotPrintable)
    {
        ReadOnlySpan<byte> bytes = rlp.ReadBytes(most, field);
        if (bytes.ContainsAnyExceptInRange((byte)FirstPrintable, (byte)LastPrintable))
        {
            rlp.Refuse(token, field, "is not printable ASCII");
        }

        return rlp.Failed ? "" : Encoding.ASCII.GetString(bytes);
    }

    /// <summary>Writes text as <see cref="ReadText"/> takes it: cut, and a question mark for what is not printable ASCII.</summary>
    public static RlpWriter WriteText(this RlpWriter rlp, string text, int most)
    {
        var bytes = new byte[Math.Min(text.Length, most)];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = text[i] is >= FirstPrintable and <= LastPrintable ? (byte)text[i] : (byte)'?';
        }

        return rlp.Write(bytes);
    }

    /// <summary>The value, or null after passing the refusal on to the reader.</summary>
    public static T? Take<T>(this ref RlpReader rlp, Verdict<T> verdict, string field)
        where T : class
    {
        if (verdict.TryGet(out T? value, out Refusal? refusal))
        {
            return value;
        }

        rlp.Refuse(refusal.Token, field, "is refused: " + refusal.Detail, refusal.Seen, refusal.Allowed);
        return null;
    }

    /// <summary>What stands in a message that is refused anyway, and that nobody ever sees.</summary>
    private static class None
    {
        public static readonly BlockHeader Header = new(0, default, 0, 0, default, default, default, default, default, default, default, default, 0);
    }
}
