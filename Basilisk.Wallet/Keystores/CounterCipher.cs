using System.Security.Cryptography;

namespace Basilisk.Wallet.Keystores;

/// <summary>AES-128 in counter mode (NIST SP 800-38A, section 6.5), which the framework lacks. The same call encrypts and decrypts.</summary>
internal static class CounterCipher
{
    private const int BlockSize = 16;

    public static void Apply(ReadOnlySpan<byte> key16, ReadOnlySpan<byte> iv16, Span<byte> data)
    {
        using var aes = Aes.Create();
        aes.SetKey(key16);
        Span<byte> counter = stackalloc byte[BlockSize];
        iv16.CopyTo(counter);
        Span<byte> stream = stackalloc byte[BlockSize];
        for (int from = 0; from < data.Length; from += BlockSize)
        {
            aes.EncryptEcb(counter, stream, PaddingMode.None);
            for (int i = 0; i < BlockSize && from + i < data.Length; i++)
            {
                data[from + i] ^= stream[i];
            }

            Increment(counter);
        }

        CryptographicOperations.ZeroMemory(stream);
    }

    /// <summary>The whole block is one big-endian counter, as geth counts; it wraps.</summary>
    private static void Increment(Span<byte> counter)
    {
        for (int i = counter.Length - 1; i >= 0; i--)
        {
            if (++counter[i] != 0)
            {
                return;
            }
        }
    }
}
