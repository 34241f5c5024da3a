using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Basilisk.Chain.Hashing;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Signatures;

namespace Basilisk.Wallet.Keystores;

/// <summary>
/// Private keys as encrypted JSON: Web3 Secret Storage, version 3, as geth, ethers and MetaMask read and write it.
/// </summary>
public static class KeystoreV3
{
    private const int SaltSize = 32;
    private const int IvSize = 16;
    private const int MaterialSize = 32;
    private const int CipherKeySize = 16;

    /// <summary>Encrypts a key.</summary>
    /// <param name="key">Stays the caller's.</param>
    /// <param name="password">Any text; taken in Unicode form NFKC, as ethers does.</param>
    /// <param name="costs">How hard the password is to guess.</param>
    /// <param name="randomBytes">Gives that many bytes from a cryptographic source, such as RandomNumberGenerator.GetBytes.</param>
    /// <param name="cancellation">Ends the derivation early.</param>
    /// <returns>The JSON text.</returns>
    /// <exception cref="ArgumentException">The costs are above the caps, so that the file could not be read again.</exception>
    public static string Encrypt(PrivateKey key, string password, ScryptParameters costs, Func<int, byte[]> randomBytes, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(password);
        ArgumentNullException.ThrowIfNull(randomBytes);
        if (costs.Check() is { } refusal)
        {
            throw new ArgumentException(refusal.ToString(), nameof(costs));
        }

        var derivation = new ScryptDerivation(randomBytes(SaltSize), MaterialSize, costs);
        byte[] iv = randomBytes(IvSize);
        byte[] id = randomBytes(16);
        byte[] passwordBytes = Encoding.UTF8.GetBytes(password.Normalize(NormalizationForm.FormKC));
        byte[] material = derivation.Derive(passwordBytes, cancellation);
        var cipherText = new byte[PrivateKey.Size];
        try
        {
            key.ExportTo(cipherText);
            CounterCipher.Apply(material.AsSpan(0, CipherKeySize), iv, cipherText);
            byte[] mac = MacOf(material, cipherText);
            return Write(key.Address, derivation, iv, cipherText, mac, id);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(passwordBytes);
            CryptographicOperations.ZeroMemory(material);
        }
    }

    /// <summary>Opens a keystore. Every refusal, a wrong password among them, is a value with a token of <see cref="WalletToken"/>.</summary>
    /// <returns>The key, which the caller disposes of.</returns>
    public static Verdict<PrivateKey> Decrypt(string json, string password, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(password);
        if (!KeystoreDocument.Parse(json).TryGet(out KeystoreDocument? document, out Refusal? refusal))
        {
            return refusal;
        }

        // ethers normalises passwords and geth does not: where the two forms differ, both are tried.
        string normalized = password.Normalize(NormalizationForm.FormKC);
        Verdict<PrivateKey> verdict = Open(document, normalized, cancellation);
        return verdict.Refusal?.Token == WalletToken.KeystoreWrongPassword && normalized != password
            ? Open(document, password, cancellation)
            : verdict;
    }

    /// <summary>The account a keystore says it holds, without opening it. Null where it does not say or is no keystore.</summary>
    public static Address? ReadAddress(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return KeystoreDocument.Parse(json).TryGet(out KeystoreDocument? document, out _) ? document.Address : null;
    }

    /// <summary>How much work it is to open a keystore, without doing it: scrypt's N·r·p, or PBKDF2's iterations.</summary>
    public static Verdict<long> WorkOf(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return KeystoreDocument.Parse(json).TryGet(out KeystoreDocument? document, out Refusal? refusal) ? document.Derivation.Work : refusal;
    }

    private static Verdict<PrivateKey> Open(KeystoreDocument document, string password, CancellationToken cancellation)
    {
        byte[] passwordBytes = Encoding.UTF8.GetBytes(password);
        byte[] material = document.Derivation.Derive(passwordBytes, cancellation);
        byte[] secret = [.. document.CipherText];
        try
        {
            if (!CryptographicOperations.FixedTimeEquals(MacOf(material, document.CipherText), document.Mac))
            {
                return Refuse(WalletToken.KeystoreWrongPassword, "The password does not open this keystore.");
            }

            CounterCipher.Apply(material.AsSpan(0, CipherKeySize), document.Iv, secret);
            if (!PrivateKey.TryCreate(secret, out PrivateKey? key))
            {
                return Refuse(WalletToken.KeystoreMalformed, "The keystore opens, but what it holds is no key.");
            }

            if (document.Address is { } address && address != key.Address)
            {
                string detail = $"The keystore names {address} but holds the key of {key.Address}.";
                key.Dispose();
                return Refuse(WalletToken.KeystoreAddressMismatch, detail);
            }

            return key;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(passwordBytes);
            CryptographicOperations.ZeroMemory(material);
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static byte[] MacOf(ReadOnlySpan<byte> material, ReadOnlySpan<byte> cipherText) =>
        Keccak256.HashJoined(material[CipherKeySize..MaterialSize], cipherText).ToArray();

    private static string Write(Address address, ScryptDerivation derivation, byte[] iv, byte[] cipherText, byte[] mac, byte[] id)
    {
        var buffer = new ArrayBufferWriter<byte>(768);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("version", 3);
            json.WriteString("id", RandomUuid(id));
            json.WriteString("address", Convert.ToHexStringLower(address.ToArray()));
            json.WriteStartObject("crypto");
            json.WriteString("cipher", "aes-128-ctr");
            json.WriteStartObject("cipherparams");
            json.WriteString("iv", Convert.ToHexStringLower(iv));
            json.WriteEndObject();
            json.WriteString("ciphertext", Convert.ToHexStringLower(cipherText));
            json.WriteString("kdf", "scrypt");
            json.WriteStartObject("kdfparams");
            json.WriteNumber("dklen", derivation.Length);
            json.WriteNumber("n", derivation.Costs.N);
            json.WriteNumber("r", derivation.Costs.R);
            json.WriteNumber("p", derivation.Costs.P);
            json.WriteString("salt", Convert.ToHexStringLower(derivation.Salt));
            json.WriteEndObject();
            json.WriteString("mac", Convert.ToHexStringLower(mac));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Version 4 of RFC 9562: random, with six bits that say so.</summary>
    private static Guid RandomUuid(byte[] bytes)
    {
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    private static Refusal Refuse(string token, string detail) => new(RefusalKind.Isolation, token, detail);
}
