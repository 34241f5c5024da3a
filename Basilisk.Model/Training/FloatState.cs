using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Basilisk.Model.Training;

/// <summary>A saved training or compression state cannot be used.</summary>
public sealed class SavedStateException(string message) : Exception(message);

/// <summary>
/// A few float arrays and one counter in a file. Format, little-endian: four letters, int32 version, int64 floats per array P,
/// int64 counter, then each array's P floats, then SHA-256 of everything before.
/// </summary>
internal static class FloatState
{
    private const int Version = 1;
    private const int HeaderBytes = 24;
    private const int BlockFloats = 1 << 16;
    private const string Advice = "Delete it to go on from the checkpoint.";

    /// <summary>Writes the arrays, all of equal length.</summary>
    public static async Task SaveAsync(Stream stream, string letters, long counter, IReadOnlyList<ReadOnlyMemory<float>> arrays, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[BlockFloats * sizeof(float)];
        for (int i = 0; i < letters.Length; i++)
        {
            block[i] = (byte)letters[i];
        }

        BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(4), Version);
        BinaryPrimitives.WriteInt64LittleEndian(block.AsSpan(8), arrays[0].Length);
        BinaryPrimitives.WriteInt64LittleEndian(block.AsSpan(16), counter);
        await WriteAsync(block.AsMemory(0, HeaderBytes));
        foreach (ReadOnlyMemory<float> array in arrays)
        {
            for (int start = 0; start < array.Length; start += BlockFloats)
            {
                int count = Math.Min(BlockFloats, array.Length - start);
                MemoryMarshal.AsBytes(array.Span.Slice(start, count)).CopyTo(block);
                await WriteAsync(block.AsMemory(0, count * sizeof(float)));
            }
        }

        await stream.WriteAsync(hash.GetHashAndReset(), cancellation);

        async Task WriteAsync(ReadOnlyMemory<byte> bytes)
        {
            hash.AppendData(bytes.Span);
            await stream.WriteAsync(bytes, cancellation);
        }
    }

    /// <summary>Reads the arrays back; they change only once everything has been read and the hash is right. Returns the counter.</summary>
    /// <exception cref="SavedStateException">Not such a file, another version, another size, cut short, or corrupt.</exception>
    public static async Task<long> RestoreAsync(Stream stream, string letters, IReadOnlyList<Memory<float>> arrays, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var header = new byte[HeaderBytes];
        await ReadAsync(header);
        CheckHeader(header, letters, arrays[0].Length);
        var contents = new byte[arrays.Count][];
        for (int i = 0; i < contents.Length; i++)
        {
            contents[i] = new byte[arrays[i].Length * sizeof(float)];
            await ReadAsync(contents[i]);
        }

        byte[] expected = hash.GetHashAndReset();
        var found = new byte[expected.Length];
        await ReadAsync(found);
        if (!found.AsSpan().SequenceEqual(expected))
        {
            throw new SavedStateException($"The saved state is corrupt: its hash does not match. {Advice}");
        }

        for (int i = 0; i < contents.Length; i++)
        {
            MemoryMarshal.Cast<byte, float>(contents[i]).CopyTo(arrays[i].Span);
        }

        return BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(16));

        async Task ReadAsync(Memory<byte> bytes)
        {
            try
            {
                await stream.ReadExactlyAsync(bytes, cancellation);
            }
            catch (EndOfStreamException)
            {
                throw new SavedStateException($"The saved state is cut short. {Advice}");
            }

            hash.AppendData(bytes.Span);
        }
    }

    private static void CheckHeader(ReadOnlySpan<byte> header, string letters, long length)
    {
        for (int i = 0; i < letters.Length; i++)
        {
            if (header[i] != letters[i])
            {
                throw new SavedStateException($"This is not the saved state looked for: it does not begin with {letters}. {Advice}");
            }
        }

        int version = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
        if (version != Version)
        {
            throw new SavedStateException($"The saved state has version {version}; this program reads version {Version}. {Advice}");
        }

        long found = BinaryPrimitives.ReadInt64LittleEndian(header[8..]);
        if (found != length)
        {
            throw new SavedStateException($"The saved state is of a model with {found} weights; this one has {length}. {Advice}");
        }
    }
}
