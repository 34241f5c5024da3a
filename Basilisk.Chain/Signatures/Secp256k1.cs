using System.Diagnostics;
using System.Security.Cryptography;
using Basilisk.Chain.Primitives;

namespace Basilisk.Chain.Signatures;

/// <summary>
/// ECDSA over secp256k1 (SEC 1, section 4.1; curve: SEC 2, section 2.4.1). Verification and recovery are fast and
/// take variable time: everything they touch is public. Signing takes the same steps for every key.
/// </summary>
public static class Secp256k1
{
    /// <summary>
    /// Checks r and s against a 32-byte hash and an uncompressed public key of 64 bytes. Takes both halves of s, as
    /// ECDSA does; where Ethereum's rule applies the caller asks <see cref="Signature.IsLowS"/> as well.
    /// </summary>
    public static bool Verify(ReadOnlySpan<byte> hash, in Signature signature, ReadOnlySpan<byte> publicKey64)
    {
        RequireHash(hash);
        if (publicKey64.Length != 64
            || !TryReadScalars(signature, out Scalar r, out Scalar s)
            || !AffinePoint.TryRead(publicKey64, out AffinePoint q))
        {
            return false;
        }

        Scalar e = Scalar.ReadReduced(hash, out _);
        Scalar w = VariableInverse.OfScalar(s);
        JacobianPoint point = DoubleMultiplication.Multiply(e * w, r * w, q);
        return !point.IsNeutral && XEquals(point, signature.R);
    }

    /// <summary>
    /// Recovers the 64-byte public key that made a signature; false where none did. Takes both halves of s.
    /// </summary>
    public static bool TryRecover(ReadOnlySpan<byte> hash, in Signature signature, Span<byte> publicKey64)
    {
        RequireHash(hash);
        if (signature.RecoveryId > 3 || !TryReadScalars(signature, out Scalar r, out Scalar s))
        {
            return false;
        }

        UInt256 x = signature.R;
        if ((signature.RecoveryId & 2) != 0 && !UInt256.TryAdd(x, Signature.Order, out x))
        {
            return false;
        }

        Span<byte> xBytes = stackalloc byte[32];
        x.WriteBigEndian(xBytes);
        if (!FieldElement.TryRead(xBytes, out FieldElement fieldX)
            || !AffinePoint.TryLift(fieldX, (signature.RecoveryId & 1) != 0, out AffinePoint nonce))
        {
            return false;
        }

        // Q = r⁻¹·(s·R − e·G)
        Scalar inverse = VariableInverse.OfScalar(r);
        Scalar e = Scalar.ReadReduced(hash, out _);
        if (!DoubleMultiplication.Multiply(-(e * inverse), s * inverse, nonce).TryToAffine(out AffinePoint q))
        {
            return false;
        }

        q.Write(publicKey64);
        return true;
    }

    /// <summary>
    /// Signs a 32-byte hash: RFC 6979 nonce, low s, recovery id. The signature is verified before it is returned,
    /// because one computed by faulty hardware can give the key away.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The key was disposed of.</exception>
    public static Signature Sign(ReadOnlySpan<byte> hash, PrivateKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        RequireHash(hash);
        Span<byte> working = stackalloc byte[64];
        var nonces = new DeterministicNonce(working, key.Secret, hash);
        Scalar secret = Scalar.ReadReduced(key.Secret, out _);
        Scalar e = Scalar.ReadReduced(hash, out _);
        Signature signature;
        while (!TrySign(nonces.Next(), secret, e, out signature))
        {
            // Only where r or s came out zero: one case in 2^255.
        }

        CryptographicOperations.ZeroMemory(working);
        return Verify(hash, signature, key.PublicKey)
            ? signature
            : throw new UnreachableException("A fresh signature does not verify: the processor or the memory is at fault.");
    }

    /// <summary>Reads a compressed public key (33 bytes, 02 or 03 and x) into x ‖ y.</summary>
    public static bool TryDecompress(ReadOnlySpan<byte> compressed33, Span<byte> publicKey64)
    {
        if (compressed33.Length != 33
            || compressed33[0] is not (2 or 3)
            || !FieldElement.TryRead(compressed33[1..], out FieldElement x)
            || !AffinePoint.TryLift(x, compressed33[0] == 3, out AffinePoint point))
        {
            return false;
        }

        point.Write(publicKey64);
        return true;
    }

    /// <summary>Writes 02 or 03 and x: the form that BIP-32 hashes.</summary>
    public static void Compress(ReadOnlySpan<byte> publicKey64, Span<byte> compressed33)
    {
        compressed33[0] = (byte)(2 + (publicKey64[63] & 1));
        publicKey64[..32].CopyTo(compressed33[1..]);
    }

    private static bool TrySign(in Scalar k, in Scalar secret, in Scalar e, out Signature signature)
    {
        Span<byte> x = stackalloc byte[32];
        AffinePoint point = GeneratorComb.Multiply(k);
        point.X.Write(x);
        Scalar r = Scalar.ReadReduced(x, out bool wrapped);
        Scalar s = k.Invert() * (e + (r * secret));
        bool high = s.IsHigh;
        int recoveryId = (wrapped ? 2 : 0) | ((point.Y.IsOdd ^ high) ? 1 : 0);
        signature = new Signature(ToInteger(r), ToInteger(s.NegateIf(high)), (byte)recoveryId);
        return !r.IsZero & !s.IsZero;
    }

    private static UInt256 ToInteger(in Scalar scalar)
    {
        Span<byte> bytes = stackalloc byte[32];
        scalar.Write(bytes);
        return UInt256.FromBigEndian(bytes);
    }

    private static bool TryReadScalars(in Signature signature, out Scalar r, out Scalar s)
    {
        Span<byte> bytes = stackalloc byte[32];
        signature.R.WriteBigEndian(bytes);
        bool valid = Scalar.TryReadNonZero(bytes, out r);
        signature.S.WriteBigEndian(bytes);
        return Scalar.TryReadNonZero(bytes, out s) && valid;
    }

    /// <summary>Whether x of the point is r modulo n, without leaving Jacobian coordinates: x·Z² is r·Z² or (r + n)·Z².</summary>
    private static bool XEquals(in JacobianPoint point, UInt256 r)
    {
        Span<byte> bytes = stackalloc byte[32];
        r.WriteBigEndian(bytes);
        FieldElement zz = point.Z.Square();
        if ((FieldElement.Read(bytes) * zz).EqualTo(point.X))
        {
            return true;
        }

        if (!UInt256.TryAdd(r, Signature.Order, out UInt256 second))
        {
            return false;
        }

        second.WriteBigEndian(bytes);
        return FieldElement.TryRead(bytes, out FieldElement x) && (x * zz).EqualTo(point.X);
    }

    private static void RequireHash(ReadOnlySpan<byte> hash)
    {
        if (hash.Length != 32)
        {
            throw new ArgumentException($"A message hash has 32 bytes, not {hash.Length}.", nameof(hash));
        }
    }
}
