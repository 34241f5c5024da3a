using System.Security.Cryptography;
using Basilisk.Chain.Signatures;
using Basilisk.Wallet.Phrases;

namespace Basilisk.Wallet.Derivation;

/// <summary>From a recovery phrase to the accounts that every Ethereum wallet shows for it.</summary>
public static class PhraseAccounts
{
    /// <summary>The key of account i at m/44'/60'/0'/0/i. The caller disposes of it.</summary>
    public static PrivateKey Derive(RecoveryPhrase phrase, uint index = 0, string passphrase = "") =>
        Derive(phrase, DerivationPath.Ethereum(index), passphrase);

    /// <summary>The key at any path. The caller disposes of it.</summary>
    public static PrivateKey Derive(RecoveryPhrase phrase, DerivationPath path, string passphrase = "")
    {
        ArgumentNullException.ThrowIfNull(phrase);
        ArgumentNullException.ThrowIfNull(path);
        byte[] seed = phrase.ToSeed(passphrase);
        Span<byte> secret = stackalloc byte[PrivateKey.Size];
        try
        {
            using ExtendedKey master = ExtendedKey.FromSeed(seed);
            using ExtendedKey account = master.Derive(path);
            account.Key.ExportTo(secret);
            return PrivateKey.FromBytes(secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
            CryptographicOperations.ZeroMemory(secret);
        }
    }
}
