using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Basilisk.Chain.Signatures;

namespace Basilisk.Wallet.Derivation;

/// <summary>A private key that others can be derived from (BIP-32). Disposing of it zeroes the key and the chain code.</summary>
public sealed class ExtendedKey : IDisposable
{
    private const int HalfSize = 32;

    private readonly byte[] _chainCode;

    private ExtendedKey(PrivateKey key, ReadOnlySpan<byte> chainCode, int depth)
    {
        Key = key;
        Depth = depth;
        _chainCode = GC.AllocateUninitializedArray<byte>(HalfSize, pinned: true);
        chainCode.CopyTo(_chainCode);
    }

    /// <summary>The signing key; owned by this object.</summary>
    public PrivateKey Key { get; }

    /// <summary>Steps from the master key.</summary>
    public int Depth { get; }

    /// <summary>Secret: the other half of what children are derived from.</summary>
    public ReadOnlySpan<byte> ChainCode => _chainCode;

    /// <summary>The master key of a seed.</summary>
    /// <param name="seed">16 to 64 bytes.</param>
    /// <exception cref="ArgumentException">Another length, or (one case in 2¹²⁷) a seed without a key.</exception>
    public static ExtendedKey FromSeed(ReadOnlySpan<byte> seed)
    {
        if (seed.Length is < 16 or > 64)
        {
            throw new ArgumentException($"A seed has 16 to 64 bytes, not {seed.Length}.", nameof(seed));
        }

        Span<byte> halves = stackalloc byte[2 * HalfSize];
        HMACSHA512.HashData("Bitcoin seed"u8, seed, halves);
        try
        {
            return PrivateKey.TryCreate(halves[..HalfSize], out PrivateKey? key)
                ? new ExtendedKey(key, halves[HalfSize..], 0)
                : throw new ArgumentException("This seed has no master key; take another.", nameof(seed));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(halves);
        }
    }

    /// <summary>The key at a path below this one. Keys on the way are disposed of.</summary>
    public ExtendedKey Derive(DerivationPath path)
    {
        ArgumentNullException.ThrowIfNull(path);
        ExtendedKey current = new(CopyOf(Key), _chainCode, Depth);
        foreach (uint step in path.Steps)
        {
            ExtendedKey parent = current;
            current = parent.Child(step);
            parent.Dispose();
        }

        return current;
    }

    /// <summary>A child: hardened where the index has its top bit set.</summary>
    public ExtendedKey Child(uint index)
    {
        while (true)
        {
            if (TryChild(index, out ExtendedKey? child))
            {
                return child;
            }

            index++; // BIP-32: an index without a key (one in 2^127) yields to the next
        }
    }

    public void Dispose()
    {
        Key.Dispose();
        CryptographicOperations.ZeroMemory(_chainCode);
    }

    /// <summary>The address; never the key.</summary>
    public override string ToString() => $"extended key of {Key.Address}";

    private bool TryChild(uint index, [NotNullWhen(true)] out ExtendedKey? child)
    {
        Span<byte> data = stackalloc byte[37];
        data[0] = 0;
        if ((index & DerivationPath.Hardened) != 0)
        {
            Key.ExportTo(data[1..33]);
        }
        else
        {
            Secp256k1.Compress(Key.PublicKey, data[..33]);
        }

        BinaryPrimitives.WriteUInt32BigEndian(data[33..], index);
        Span<byte> halves = stackalloc byte[2 * HalfSize];
        HMACSHA512.HashData(_chainCode, data, halves);
        bool found = Key.TryAddTweak(halves[..HalfSize], out PrivateKey? key);
        child = found ? new ExtendedKey(key!, halves[HalfSize..], Depth + 1) : null;
        CryptographicOperations.ZeroMemory(data);
        CryptographicOperations.ZeroMemory(halves);
        return found;
    }

    private static PrivateKey CopyOf(PrivateKey key)
    {
        Span<byte> bytes = stackalloc byte[PrivateKey.Size];
        key.ExportTo(bytes);
        PrivateKey copy = PrivateKey.FromBytes(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return copy;
    }
}
