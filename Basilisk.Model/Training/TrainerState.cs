using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Basilisk.Model.Training;

/// <summary>A saved trainer's state cannot be used.</summary>
public sealed class TrainerStateException(string message) : Exception(message);

/// <summary>
/// Saves and restores weights, AdamW's means and its step count, so that a restarted node goes on exactly where it was.
/// Format, little-endian: "BSKT", int32 version, int64 weights P, int64 step, then P floats each of weights, means and
/// squares, then SHA-256 of everything before.
/// </summary>
public static class TrainerState
{
    private const int Version = 1;
    private const int HeaderBytes = 24;
    private const int BlockFloats = 1 << 16;
    private static readonly byte[] Magic = "BSKT"u8.ToArray();

    /// <summary>Writes the state.</summary>
    public static async Task SaveAsync(Trainer trainer, Stream stream, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentNullException.ThrowIfNull(stream);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[BlockFloats * sizeof(float)];
        WriteHeader(block, trainer);
        await WriteAsync(block.AsMemory(0, HeaderBytes));
        for (int part = 0; part < 3; part++)
        {
            for (int start = 0; start < trainer.Layout.Count; start += BlockFloats)
            {
                int count = Math.Min(BlockFloats, trainer.Layout.Count - start);
                MemoryMarshal.AsBytes(Part(trainer, part).Slice(start, count)).CopyTo(block);
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

    /// <summary>Restores a state; the trainer changes only once everything has been read and its hash is right.</summary>
    /// <exception cref="TrainerStateException">Not such a file, another version, another model's size, cut short, or corrupt.</exception>
    public static async Task RestoreAsync(Trainer trainer, Stream stream, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentNullException.ThrowIfNull(stream);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var header = new byte[HeaderBytes];
        await ReadAsync(header);
        long steps = ReadHeader(header, trainer);
        var parts = new float[3][];
        for (int part = 0; part < parts.Length; part++)
        {
            var bytes = new byte[trainer.Layout.Count * sizeof(float)];
            await ReadAsync(bytes);
            parts[part] = MemoryMarshal.Cast<byte, float>(bytes).ToArray();
        }

        byte[] expected = hash.GetHashAndReset();
        var found = new byte[expected.Length];
        await ReadAsync(found);
        if (!found.AsSpan().SequenceEqual(expected))
        {
            throw new TrainerStateException("The saved training state is corrupt: its hash does not match. Delete it to train on from the checkpoint.");
        }

        for (int part = 0; part < parts.Length; part++)
        {
            parts[part].CopyTo(Part(trainer, part));
        }

        trainer.Optimiser.Steps = steps;

        async Task ReadAsync(Memory<byte> bytes)
        {
            try
            {
                await stream.ReadExactlyAsync(bytes, cancellation);
            }
            catch (EndOfStreamException)
            {
                throw new TrainerStateException("The saved training state is cut short. Delete it to train on from the checkpoint.");
            }

            hash.AppendData(bytes.Span);
        }
    }

    private static void WriteHeader(Span<byte> header, Trainer trainer)
    {
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], Version);
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], trainer.Layout.Count);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], trainer.Optimiser.Steps);
    }

    private static long ReadHeader(ReadOnlySpan<byte> header, Trainer trainer)
    {
        if (!header[..4].SequenceEqual(Magic))
        {
            throw new TrainerStateException("This is not a saved training state: it does not begin with BSKT.");
        }

        int version = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
        if (version != Version)
        {
            throw new TrainerStateException($"The saved training state has version {version}; this program reads version {Version}.");
        }

        long count = BinaryPrimitives.ReadInt64LittleEndian(header[8..]);
        if (count != trainer.Layout.Count)
        {
            throw new TrainerStateException($"The saved training state is of a model with {count} weights; this one has {trainer.Layout.Count}.");
        }

        return BinaryPrimitives.ReadInt64LittleEndian(header[16..]);
    }

    private static Span<float> Part(Trainer trainer, int part) => part switch
    {
        0 => trainer.MutableWeights,
        1 => trainer.Optimiser.Means.Span,
        _ => trainer.Optimiser.Squares.Span,
    };
}
