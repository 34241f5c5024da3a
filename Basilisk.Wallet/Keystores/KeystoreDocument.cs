using System.Text.Json;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;

namespace Basilisk.Wallet.Keystores;

/// <summary>The fields of a keystore file that matter, read and bounded but not yet opened.</summary>
/// <param name="Derivation">From password to key material, with its salt and costs.</param>
/// <param name="Iv">16 bytes: the first counter block.</param>
/// <param name="CipherText">32 bytes: the encrypted private key.</param>
/// <param name="Mac">32 bytes: Keccak-256 over half the key material and the cipher text.</param>
/// <param name="Address">The account, where the file names it.</param>
internal sealed record KeystoreDocument(KeyDerivation Derivation, byte[] Iv, byte[] CipherText, byte[] Mac, Address? Address)
{
    /// <summary>Characters of the largest file read; real ones have about 500.</summary>
    public const int MaximumLength = 64 * 1024;

    private const int SupportedVersion = 3;
    private const string SupportedCipher = "aes-128-ctr";

    /// <summary>Reads a file's text. Nothing is derived or decrypted here.</summary>
    public static Verdict<KeystoreDocument> Parse(string json)
    {
        if (json.Length > MaximumLength)
        {
            return new Refusal(RefusalKind.Malformed, WalletToken.KeystoreTooLarge, "A keystore is no longer than this, in characters.", json.Length, MaximumLength);
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            // The parser takes strings with half a surrogate pair and throws one of the latter two when they are read.
            return Malformed("The text is not JSON.");
        }
    }

    private static Verdict<KeystoreDocument> Read(JsonElement root)
    {
        var file = new KeystoreFields(root);
        if (file.Number("version") is not { } version || !file.TryObject("crypto", out KeystoreFields crypto))
        {
            return Malformed("The file lacks its version or its crypto object.");
        }

        if (version != SupportedVersion)
        {
            return new Refusal(RefusalKind.Malformed, WalletToken.KeystoreVersionUnsupported, "Only keystores of version 3 can be read.", version, SupportedVersion);
        }

        if (crypto.Text("cipher") != SupportedCipher)
        {
            return new Refusal(RefusalKind.Malformed, WalletToken.KeystoreCipherUnsupported, $"Only {SupportedCipher} can be read.");
        }

        if (!crypto.TryObject("cipherparams", out KeystoreFields cipherParameters)
            || cipherParameters.Bytes("iv") is not { Length: 16 } iv
            || crypto.Bytes("ciphertext") is not { Length: 32 } cipherText
            || crypto.Bytes("mac") is not { Length: 32 } mac)
        {
            return Malformed("The iv has 16 bytes, the cipher text and the mac 32 bytes each, in hexadecimal digits.");
        }

        if (!KeyDerivation.Read(crypto).TryGet(out KeyDerivation? derivation, out Refusal? refusal))
        {
            return refusal;
        }

        return new KeystoreDocument(derivation, iv, cipherText, mac, ReadAddress(file));
    }

    /// <summary>Files spell the address with or without 0x, in any case, or leave it out.</summary>
    private static Address? ReadAddress(KeystoreFields file) =>
        file.Bytes("address") is { Length: Chain.Primitives.Address.Size } bytes ? new Address(bytes) : null;

    private static Refusal Malformed(string detail) => new(RefusalKind.Malformed, WalletToken.KeystoreMalformed, detail);
}
