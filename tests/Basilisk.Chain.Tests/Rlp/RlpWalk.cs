using Basilisk.Chain.Refusals;
using Basilisk.Chain.Rlp;

namespace Basilisk.Chain.Tests.Rlp;

/// <summary>Reads any RLP item through the reader, whatever its shape.</summary>
internal static class RlpWalk
{
    /// <summary>Null where the bytes are exactly one well-formed item, else the refusal.</summary>
    public static Refusal? Whole(ReadOnlySpan<byte> bytes)
    {
        var reader = new RlpReader(bytes);
        Item(ref reader, null);
        reader.End();
        return reader.Refusal;
    }

    /// <summary>Reads an item and writes it again.</summary>
    public static byte[]? Copy(ReadOnlySpan<byte> bytes)
    {
        var reader = new RlpReader(bytes);
        var writer = new RlpWriter();
        Item(ref reader, writer);
        reader.End();
        return reader.Failed ? null : writer.ToArray();
    }

    private static void Item(ref RlpReader reader, RlpWriter? writer)
    {
        if (!reader.NextIsList)
        {
            ReadOnlySpan<byte> bytes = reader.ReadBytes();
            if (!reader.Failed)
            {
                writer?.Write(bytes);
            }

            return;
        }

        reader.EnterList();
        if (reader.Failed)
        {
            return;
        }

        writer?.BeginList();
        while (reader.HasMore)
        {
            Item(ref reader, writer);
        }

        reader.LeaveList();
        if (!reader.Failed)
        {
            writer?.EndList();
        }
    }
}
