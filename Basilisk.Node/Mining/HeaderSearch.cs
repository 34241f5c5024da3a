using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Hashing;

namespace Basilisk.Node.Mining;

/// <summary>Which implementation of the search to run; all find the same nonces.</summary>
public enum SearchKernel
{
    /// <summary>The widest that this processor has.</summary>
    Auto,
    Scalar,
    Vector256,
    Vector512,
}

/// <summary>
/// Tries nonces of one header. The prefix of 272 bytes is two whole blocks of the sponge and is absorbed once; a try is one
/// permutation of a state that differs only in the lane of the nonce, on 8, 4 or 1 states side by side.
/// </summary>
public sealed class HeaderSearch
{
    private const int RateLanes = Keccak256.Rate / sizeof(ulong);

    // The nonce is the last block's first lane; what follows it is padding: 0x01 after the message, 0x80 at the block's end.
    private const ulong PaddingStart = 0x01;
    private const ulong PaddingEnd = 0x8000_0000_0000_0000;

    private readonly KeccakLanes _absorbed;
    private readonly SearchKernel _kernel;

    /// <param name="prefix">The 272 bytes before the nonce (<see cref="BlockHeader.PrefixForMining"/>).</param>
    /// <param name="kernel">Implementation to run.</param>
    public HeaderSearch(ReadOnlySpan<byte> prefix, SearchKernel kernel = SearchKernel.Auto)
    {
        if (prefix.Length != BlockHeader.PrefixSize)
        {
            throw new ArgumentException($"A header's prefix has {BlockHeader.PrefixSize} bytes, not {prefix.Length}.", nameof(prefix));
        }

        _kernel = kernel == SearchKernel.Auto ? Widest : kernel;
        var state = new KeccakLanes();
        Span<ulong> lanes = state;
        for (int offset = 0; offset < prefix.Length; offset += Keccak256.Rate)
        {
            for (int i = 0; i < RateLanes; i++)
            {
                lanes[i] ^= BinaryPrimitives.ReadUInt64LittleEndian(prefix[(offset + (i * sizeof(ulong)))..]);
            }

            KeccakPermutation.Permute(ref state);
        }

        lanes[1] ^= PaddingStart;
        lanes[RateLanes - 1] ^= PaddingEnd;
        _absorbed = state;
    }

    /// <summary>The widest kernel of this processor.</summary>
    public static SearchKernel Widest =>
        KeccakLanes512.IsSupported ? SearchKernel.Vector512
        : KeccakLanes256.IsSupported ? SearchKernel.Vector256
        : SearchKernel.Scalar;

    /// <summary>Nonces per step of the kernel in use.</summary>
    public int Width => _kernel switch
    {
        SearchKernel.Vector512 => KeccakLanes512.Lanes,
        SearchKernel.Vector256 => KeccakLanes256.Lanes,
        _ => 1,
    };

    /// <summary>Tries <paramref name="count"/> nonces from <paramref name="start"/> on (rounded up to whole steps of the kernel).</summary>
    /// <param name="start">First nonce; wraps around after the largest.</param>
    /// <param name="count">Nonces to try.</param>
    /// <param name="target">What the hash, as a big-endian number, may at most be.</param>
    /// <returns>The first nonce whose hash meets the target, or null.</returns>
    public ulong? Search(ulong start, long count, Chain.Primitives.UInt256 target)
    {
        // A hash above the target's first word cannot meet it; one that is not is hashed again in full.
        ulong limit = (ulong)(target >> 192);
        return _kernel switch
        {
            SearchKernel.Vector512 => Search512(start, count, limit, target),
            SearchKernel.Vector256 => Search256(start, count, limit, target),
            _ => SearchScalar(start, count, target),
        };
    }

    private ulong? SearchScalar(ulong start, long count, Chain.Primitives.UInt256 target)
    {
        for (long i = 0; i < count; i++)
        {
            ulong nonce = unchecked(start + (ulong)i);
            if (Meets(nonce, target))
            {
                return nonce;
            }
        }

        return null;
    }

    private ulong? Search512(ulong start, long count, ulong limit, Chain.Primitives.UInt256 target)
    {
        Span<Vector512<ulong>> state = stackalloc Vector512<ulong>[KeccakLanes.Count];
        ReadOnlySpan<ulong> absorbed = _absorbed;
        for (long done = 0; done < count; done += KeccakLanes512.Lanes)
        {
            ulong nonce = unchecked(start + (ulong)done);
            Fill(state, absorbed);
            Span<ulong> first = MemoryMarshal.Cast<Vector512<ulong>, ulong>(state[..1]);
            AddNonces(first, nonce);
            KeccakLanes512.Permute(state, KeccakPermutation.RoundConstants);
            if (FirstHit(first, nonce, limit, target) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private ulong? Search256(ulong start, long count, ulong limit, Chain.Primitives.UInt256 target)
    {
        Span<Vector256<ulong>> state = stackalloc Vector256<ulong>[KeccakLanes.Count];
        ReadOnlySpan<ulong> absorbed = _absorbed;
        for (long done = 0; done < count; done += KeccakLanes256.Lanes)
        {
            ulong nonce = unchecked(start + (ulong)done);
            Fill(state, absorbed);
            Span<ulong> first = MemoryMarshal.Cast<Vector256<ulong>, ulong>(state[..1]);
            AddNonces(first, nonce);
            KeccakLanes256.Permute(state, KeccakPermutation.RoundConstants);
            if (FirstHit(first, nonce, limit, target) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static void Fill(Span<Vector512<ulong>> state, ReadOnlySpan<ulong> absorbed)
    {
        for (int i = 0; i < state.Length; i++)
        {
            state[i] = Vector512.Create(absorbed[i]);
        }
    }

    private static void Fill(Span<Vector256<ulong>> state, ReadOnlySpan<ulong> absorbed)
    {
        for (int i = 0; i < state.Length; i++)
        {
            state[i] = Vector256.Create(absorbed[i]);
        }
    }

    private static void AddNonces(Span<ulong> lane, ulong nonce)
    {
        for (int i = 0; i < lane.Length; i++)
        {
            lane[i] ^= BinaryPrimitives.ReverseEndianness(unchecked(nonce + (ulong)i));
        }
    }

    private ulong? FirstHit(ReadOnlySpan<ulong> firstWords, ulong nonce, ulong limit, Chain.Primitives.UInt256 target)
    {
        for (int i = 0; i < firstWords.Length; i++)
        {
            if (BinaryPrimitives.ReverseEndianness(firstWords[i]) <= limit && Meets(unchecked(nonce + (ulong)i), target))
            {
                return unchecked(nonce + (ulong)i);
            }
        }

        return null;
    }

    private bool Meets(ulong nonce, Chain.Primitives.UInt256 target)
    {
        KeccakLanes state = _absorbed;
        Span<ulong> lanes = state;
        lanes[0] ^= BinaryPrimitives.ReverseEndianness(nonce);
        KeccakPermutation.Permute(ref state);
        Span<byte> hash = stackalloc byte[Keccak256.HashSize];
        for (int i = 0; i < Keccak256.HashSize / sizeof(ulong); i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(hash[(i * sizeof(ulong))..], lanes[i]);
        }

        return Chain.Primitives.UInt256.FromBigEndian(hash) <= target;
    }
}
