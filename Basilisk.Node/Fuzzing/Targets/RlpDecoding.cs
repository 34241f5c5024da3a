using Basilisk.Chain.Rlp;
using Basilisk.Node.Fuzzing.Samples;

namespace Basilisk.Node.Fuzzing.Targets;

/// <summary>Reads any RLP item, whatever its shape, and writes it again.</summary>
internal static class RlpDecoding
{
    public static FuzzVerdict Any(FuzzSamples samples, ReadOnlyMemory<byte> bytes)
    {
        var reader = new RlpReader(bytes.Span);
        var writer = new RlpWriter(bytes.Length + 16);
        Copy(ref reader, writer);
        reader.End();
        return reader.Refusal is { } refusal ? FuzzVerdict.Refused(refusal.Token) : FuzzVerdict.Decoded(bytes, writer.Written);
    }

    private static void Copy(ref RlpReader reader, RlpWriter writer)
    {
        if (!reader.NextIsList)
        {
            ReadOnlySpan<byte> item = reader.ReadBytes();
            if (!reader.Failed)
            {
                writer.Write(item);
            }

            return;
        }

        reader.EnterList();
        if (reader.Failed)
        {
            return;
        }

        writer.BeginList();
        while (reader.HasMore)
        {
            Copy(ref reader, writer);
        }

        reader.LeaveList();
        writer.EndList();
    }
}
