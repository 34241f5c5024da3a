using System.Buffers.Binary;

namespace Basilisk.Node.Fuzzing.Inputs;

/// <summary>Changes that know nothing of the format: flips, edges of integers, cuts, copies, splices with another input.</summary>
internal sealed class ByteChanges(IReadOnlyList<byte[]> seeds)
{
    private const int LongestRun = 64;

    private static readonly ulong[] Edges =
    [
        0, 1, 2, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x100000000,
        0x7FFFFFFFFFFFFFFF, 0x8000000000000000, 0xFFFFFFFFFFFFFFFE, 0xFFFFFFFFFFFFFFFF,
    ];

    public void Apply(FuzzBuffer buffer, FuzzRandom random)
    {
        for (int changes = 1 + random.Below(3); changes > 0; changes--)
        {
            One(buffer, random);
        }
    }

    private void One(FuzzBuffer buffer, FuzzRandom random)
    {
        int at = random.Below(buffer.Length);
        int run = Math.Min(1 + random.Below(LongestRun), buffer.Length - at);
        if (buffer.Length == 0)
        {
            buffer.Append([random.NextByte()]);
            return;
        }

        switch (random.Below(9))
        {
            case 0:
                buffer.Span[at] ^= (byte)(1 << random.Below(8));
                break;
            case 1:
                buffer.Span[at] = random.NextByte();
                break;
            case 2:
                Integer(buffer.Span[at..], random);
                break;
            case 3:
                buffer.Truncate(at);
                break;
            case 4:
                buffer.Replace(at, run, []);
                break;
            case 5:
                buffer.Replace(at, 0, buffer.Span.Slice(at, run).ToArray());
                break;
            case 6:
                Span<byte> noise = stackalloc byte[run];
                random.Fill(noise);
                buffer.Replace(at, random.OneIn(2) ? run : 0, noise);
                break;
            case 7:
                Splice(buffer, at, random);
                break;
            default:
                buffer.Span.Slice(at, run).Fill(random.OneIn(2) ? (byte)0 : (byte)0xFF);
                break;
        }
    }

    /// <summary>Writes an integer at the edge of a width, in either order, or adds a little to the one that is there.</summary>
    private static void Integer(Span<byte> place, FuzzRandom random)
    {
        int width = Math.Min(1 << random.Below(4), place.Length);
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        ulong value = random.Pick(Edges);
        if (random.OneIn(3))
        {
            place[..width].CopyTo(bytes);
            value = BinaryPrimitives.ReadUInt64LittleEndian(bytes) + (ulong)(long)(random.Below(9) - 4);
        }

        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        Span<byte> low = bytes[..width];
        if (random.OneIn(2))
        {
            low.Reverse();
        }

        low.CopyTo(place);
    }

    /// <summary>The head of this one, the tail of another.</summary>
    private void Splice(FuzzBuffer buffer, int at, FuzzRandom random)
    {
        byte[] other = random.Pick(seeds);
        buffer.Truncate(at);
        buffer.Append(other.AsSpan(Math.Min(random.OneIn(2) ? at : random.Below(other.Length), other.Length)));
    }
}
