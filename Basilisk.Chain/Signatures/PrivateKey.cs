using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Basilisk.Chain.Primitives;

namespace Basilisk.Chain.Signatures;

/// <summary>
/// A signing key. Its bytes lie in pinned memory (the collector makes no copies) and are zeroed by
/// <see cref="Dispose"/>. It never prints itself, and compares by reference only.
/// </summary>
public sealed class PrivateKey : IDisposable
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 32;

    private readonly byte[] _bytes;
    private readonly byte[] _publicKey;
    private bool _disposed;

    private PrivateKey(ReadOnlySpan<byte> bytes, in Scalar scalar)
    {
        _bytes = GC.AllocateUninitializedArray<byte>(Size, pinned: true);
        bytes.CopyTo(_bytes);
        _publicKey = new byte[64];
        GeneratorComb.Multiply(scalar).Write(_publicKey);
        Address = Address.FromPublicKey(_publicKey);
    }

    /// <summary>The account this key signs for.</summary>
    public Address Address { get; }

    /// <summary>The uncompressed public key x ‖ y, 64 bytes.</summary>
    public ReadOnlySpan<byte> PublicKey => _publicKey;

    /// <summary>False where the bytes are not 32, or are zero or not below the group order.</summary>
    public static bool TryCreate(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out PrivateKey? key)
    {
        key = null;
        if (bytes.Length != Size || !Scalar.TryReadNonZero(bytes, out Scalar scalar))
        {
            return false;
        }

        key = new PrivateKey(bytes, scalar);
        return true;
    }

    /// <exception cref="ArgumentException">The bytes are no key. They are not repeated in the message.</exception>
    public static PrivateKey FromBytes(ReadOnlySpan<byte> bytes) => TryCreate(bytes, out PrivateKey? key)
        ? key
        : throw new ArgumentException("A private key is 32 bytes, not zero and below the group order.", nameof(bytes));

    /// <summary>Copies the secret out, to be encrypted. The caller clears the copy.</summary>
    /// <exception cref="ObjectDisposedException">The key was disposed of.</exception>
    public void ExportTo(Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _bytes.CopyTo(destination);
    }

    /// <summary>
    /// The key (this + tweak) mod n, as BIP-32 derives children; false where the tweak is not below n or the sum is zero.
    /// </summary>
    /// <param name="tweak">32 bytes.</param>
    /// <param name="key">A new key, which the caller disposes of.</param>
    /// <exception cref="ObjectDisposedException">This key was disposed of.</exception>
    public bool TryAddTweak(ReadOnlySpan<byte> tweak, [NotNullWhen(true)] out PrivateKey? key)
    {
        Span<byte> sum = stackalloc byte[Size];
        (Scalar.ReadReduced(tweak, out bool overflow) + Scalar.ReadReduced(Secret, out _)).Write(sum);
        key = null;
        bool created = !overflow && TryCreate(sum, out key);
        CryptographicOperations.ZeroMemory(sum);
        return created;
    }

    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_bytes);
    }

    /// <summary>The address; never the key.</summary>
    public override string ToString() => $"private key of {Address}";

    /// <summary>The secret for the signer.</summary>
    internal ReadOnlySpan<byte> Secret
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _bytes;
        }
    }
}
