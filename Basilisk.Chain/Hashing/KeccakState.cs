using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Basilisk.Chain.Hashing;

/// <summary>
/// A Keccak-256 sponge being filled. It is a plain value: assigning it copies the state, so a miner absorbs a
/// header's prefix once and finishes a copy per nonce.
/// </summary>
public struct KeccakState
{
    private KeccakLanes _lanes;
    private int _filled; // bytes absorbed into the current block, always < Keccak256.Rate

    /// <summary>Adds bytes to the message. May be called any number of times.</summary>
    public void Absorb(ReadOnlySpan<byte> data)
    {
        if (_filled > 0)
        {
            int take = Math.Min(Keccak256.Rate - _filled, data.Length);
            XorBytes(data[..take]);
            data = data[take..];
            if (_filled < Keccak256.Rate)
            {
                return;
            }

            PermuteFullBlock();
        }

        while (data.Length >= Keccak256.Rate)
        {
            XorWords(data[..Keccak256.Rate]);
            KeccakPermutation.Permute(ref _lanes);
            data = data[Keccak256.Rate..];
        }

        XorBytes(data);
    }

    /// <summary>Pads, permutes and writes the 32 hash bytes. The state is spent afterwards: keep a copy to go on.</summary>
    /// <param name="destination">At least 32 bytes.</param>
    public void Finish(Span<byte> destination)
    {
        // Keccak's own padding byte is 0x01. SHA3-256 (FIPS 202) uses 0x06 and gives other hashes.
        Xor(_filled, 0x01);
        Xor(Keccak256.Rate - 1, 0x80);
        KeccakPermutation.Permute(ref _lanes);
        for (int i = 0; i < 4; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(destination[(8 * i)..], _lanes[i]);
        }
    }

    /// <summary>The lanes as they stand, and how many bytes of the current block are filled: what a multi-lane miner starts from.</summary>
    public readonly (KeccakLanes Lanes, int Filled) Snapshot() => (_lanes, _filled);

    private void PermuteFullBlock()
    {
        KeccakPermutation.Permute(ref _lanes);
        _filled = 0;
    }

    private void XorWords(ReadOnlySpan<byte> block)
    {
        for (int i = 0; i < Keccak256.Rate / 8; i++)
        {
            _lanes[i] ^= BinaryPrimitives.ReadUInt64LittleEndian(block[(8 * i)..]);
        }
    }

    private void XorBytes(ReadOnlySpan<byte> data)
    {
        int i = 0;
        if (BitConverter.IsLittleEndian && (_filled & 7) == 0)
        {
            ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(data);
            for (int w = 0; w < words.Length; w++)
            {
                _lanes[(_filled >> 3) + w] ^= words[w];
            }

            i = words.Length * 8;
        }

        for (; i < data.Length; i++)
        {
            Xor(_filled + i, data[i]);
        }

        _filled += data.Length;
    }

    private void Xor(int position, byte value) => _lanes[position >> 3] ^= (ulong)value << (8 * (position & 7));
}
