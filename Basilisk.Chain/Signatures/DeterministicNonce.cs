using System.Security.Cryptography;

namespace Basilisk.Chain.Signatures;

/// <summary>
/// Nonces by RFC 6979, section 3.2, with HMAC-SHA-256: a signature is a function of key and message, so no weak
/// random source can leak the key, and two implementations sign alike.
/// </summary>
internal ref struct DeterministicNonce
{
    private readonly Span<byte> _key; // K
    private readonly Span<byte> _value; // V
    private bool _started;

    /// <param name="working">64 bytes of the caller's, which the caller clears afterwards.</param>
    /// <param name="privateKey">32 bytes.</param>
    /// <param name="hash">32 bytes.</param>
    public DeterministicNonce(Span<byte> working, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> hash)
    {
        _key = working[..32];
        _value = working[32..64];
        _key.Clear();
        _value.Fill(1);
        Span<byte> seed = stackalloc byte[64];
        privateKey.CopyTo(seed);
        Scalar.ReadReduced(hash, out _).Write(seed[32..]); // bits2octets
        Update(0, seed);
        Update(1, seed);
        CryptographicOperations.ZeroMemory(seed);
    }

    /// <summary>The next candidate that is a valid nonce.</summary>
    public Scalar Next()
    {
        if (_started)
        {
            Update(0, []);
        }

        _started = true;
        Scalar candidate;
        while (true)
        {
            HMACSHA256.HashData(_key, _value, _value);
            if (Scalar.TryReadNonZero(_value, out candidate))
            {
                return candidate;
            }

            Update(0, []);
        }
    }

    /// <summary>K = HMAC(K, V ‖ tag ‖ seed), V = HMAC(K, V).</summary>
    private readonly void Update(byte tag, scoped ReadOnlySpan<byte> seed)
    {
        Span<byte> message = stackalloc byte[32 + 1 + 64];
        message = message[..(33 + seed.Length)];
        _value.CopyTo(message);
        message[32] = tag;
        seed.CopyTo(message[33..]);
        HMACSHA256.HashData(_key, message, _key);
        HMACSHA256.HashData(_key, _value, _value);
        CryptographicOperations.ZeroMemory(message);
    }
}
