using System.Security.Cryptography;
using System.Text;
using Basilisk.Chain.Refusals;

namespace Basilisk.Wallet.Phrases;

/// <summary>
/// A recovery phrase of BIP-39: 12 to 24 words that hold 128 to 256 random bits and a checksum. Whoever reads it owns
/// the accounts, so it prints itself only through <see cref="Words"/>.
/// </summary>
public sealed class RecoveryPhrase
{
    private const int BitsPerWord = 11;
    private const int SeedSize = 64;
    private const int SeedIterations = 2048; // fixed by BIP-39

    private RecoveryPhrase(string[] words)
    {
        Words = words;
    }

    /// <summary>Secret: the words in order.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>Makes a new phrase.</summary>
    /// <param name="words">12, 15, 18, 21 or 24.</param>
    /// <param name="randomBytes">Gives that many bytes from a cryptographic source, such as RandomNumberGenerator.GetBytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another number of words.</exception>
    public static RecoveryPhrase Create(int words, Func<int, byte[]> randomBytes)
    {
        ArgumentNullException.ThrowIfNull(randomBytes);
        if (!IsLength(words))
        {
            throw new ArgumentOutOfRangeException(nameof(words), words, "A phrase has 12, 15, 18, 21 or 24 words.");
        }

        byte[] entropy = randomBytes(words / 3 * 4);
        try
        {
            return FromEntropy(entropy);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(entropy);
        }
    }

    /// <summary>The phrase that holds this entropy.</summary>
    /// <param name="entropy">16, 20, 24, 28 or 32 bytes.</param>
    /// <exception cref="ArgumentException">Another length.</exception>
    public static RecoveryPhrase FromEntropy(ReadOnlySpan<byte> entropy)
    {
        if (entropy.Length is < 16 or > 32 || entropy.Length % 4 != 0)
        {
            throw new ArgumentException($"Entropy has 16, 20, 24, 28 or 32 bytes, not {entropy.Length}.", nameof(entropy));
        }

        Span<byte> bits = stackalloc byte[33];
        entropy.CopyTo(bits);
        bits[entropy.Length] = ChecksumByte(entropy);
        var words = new string[entropy.Length * 3 / 4];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = WordList.English[ReadBits(bits, i * BitsPerWord)];
        }

        CryptographicOperations.ZeroMemory(bits);
        return new RecoveryPhrase(words);
    }

    /// <summary>
    /// Reads a phrase as people type it: any blanks between words, any letter case. A refusal names the word at fault.
    /// </summary>
    public static Verdict<RecoveryPhrase> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] words = text.Normalize(NormalizationForm.FormKD).ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (!IsLength(words.Length))
        {
            return new Refusal(RefusalKind.Malformed, WalletToken.PhraseLength, "A phrase has 12, 15, 18, 21 or 24 words.", words.Length);
        }

        Span<byte> bits = stackalloc byte[34];
        bits.Clear();
        for (int i = 0; i < words.Length; i++)
        {
            if (!WordList.TryFind(words[i], out int index))
            {
                return new Refusal(RefusalKind.Malformed, WalletToken.PhraseWordUnknown, $"Word {i + 1}, '{words[i]}', is not in the English list.", i + 1);
            }

            WriteBits(bits, i * BitsPerWord, index);
        }

        int entropySize = words.Length * 4 / 3;
        int mask = 0xFF << (8 - (words.Length / 3));
        bool valid = bits[entropySize] == (ChecksumByte(bits[..entropySize]) & mask);
        CryptographicOperations.ZeroMemory(bits);
        return valid
            ? new RecoveryPhrase(words)
            : new Refusal(
                RefusalKind.Malformed,
                WalletToken.PhraseChecksum,
                $"The words are in the list, but the last one, '{words[^1]}', does not confirm the others: a word is wrong or out of place.");
    }

    /// <summary>The 64 bytes that keys are derived from. The caller clears them.</summary>
    /// <param name="passphrase">An optional secret beside the words; a wrong one gives other accounts, not an error.</param>
    public byte[] ToSeed(string passphrase = "")
    {
        ArgumentNullException.ThrowIfNull(passphrase);
        byte[] password = Encoding.UTF8.GetBytes(string.Join(' ', Words).Normalize(NormalizationForm.FormKD));
        byte[] salt = Encoding.UTF8.GetBytes("mnemonic" + passphrase.Normalize(NormalizationForm.FormKD));
        try
        {
            return Rfc2898DeriveBytes.Pbkdf2(password, salt, SeedIterations, HashAlgorithmName.SHA512, SeedSize);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(password);
            CryptographicOperations.ZeroMemory(salt);
        }
    }

    /// <summary>How many words; never which.</summary>
    public override string ToString() => $"recovery phrase of {Words.Count} words";

    private static bool IsLength(int words) => words is >= 12 and <= 24 && words % 3 == 0;

    /// <summary>The first byte of SHA-256, of which one bit per three words is used.</summary>
    private static byte ChecksumByte(ReadOnlySpan<byte> entropy)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(entropy, hash);
        int used = entropy.Length / 4;
        return (byte)(hash[0] & (0xFF << (8 - used)));
    }

    private static int ReadBits(ReadOnlySpan<byte> bits, int from)
    {
        int value = 0;
        for (int i = from; i < from + BitsPerWord; i++)
        {
            value = (value << 1) | ((bits[i / 8] >> (7 - (i % 8))) & 1);
        }

        return value;
    }

    private static void WriteBits(Span<byte> bits, int from, int value)
    {
        for (int i = 0; i < BitsPerWord; i++)
        {
            int bit = (value >> (BitsPerWord - 1 - i)) & 1;
            bits[(from + i) / 8] |= (byte)(bit << (7 - ((from + i) % 8)));
        }
    }
}
