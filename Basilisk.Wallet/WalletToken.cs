namespace Basilisk.Wallet;

/// <summary>Stable tokens of what the wallet refuses in phrases, paths, keystores and signatures that come from outside.</summary>
public static class WalletToken
{
    /// <summary>A phrase that has not 12, 15, 18, 21 or 24 words.</summary>
    public const string PhraseLength = "phrase-length";

    /// <summary>A word that is not in the English list.</summary>
    public const string PhraseWordUnknown = "phrase-word-unknown";

    /// <summary>Words of the list in an order or choice that no wallet made.</summary>
    public const string PhraseChecksum = "phrase-checksum";

    /// <summary>A derivation path that cannot be read.</summary>
    public const string PathMalformed = "path-malformed";

    /// <summary>Not JSON of the keystore's shape.</summary>
    public const string KeystoreMalformed = "keystore-malformed";

    /// <summary>A file larger than any keystore.</summary>
    public const string KeystoreTooLarge = "keystore-too-large";

    /// <summary>A version other than 3.</summary>
    public const string KeystoreVersionUnsupported = "keystore-version-unsupported";

    /// <summary>A cipher other than aes-128-ctr.</summary>
    public const string KeystoreCipherUnsupported = "keystore-cipher-unsupported";

    /// <summary>A key derivation other than scrypt and pbkdf2 with hmac-sha256.</summary>
    public const string KeystoreDerivationUnsupported = "keystore-derivation-unsupported";

    /// <summary>Derivation parameters that ask for more memory or work than the caps allow.</summary>
    public const string KeystoreDerivationTooCostly = "keystore-derivation-too-costly";

    /// <summary>The password does not open the keystore (or its bytes were damaged).</summary>
    public const string KeystoreWrongPassword = "keystore-wrong-password";

    /// <summary>The decrypted key does not belong to the address that the keystore names.</summary>
    public const string KeystoreAddressMismatch = "keystore-address-mismatch";

    /// <summary>The vault holds no such account.</summary>
    public const string AccountUnknown = "account-unknown";

    /// <summary>The vault already holds the account.</summary>
    public const string AccountExists = "account-exists";

    /// <summary>A message signature that is not 65 bytes of r, low s and v.</summary>
    public const string SignatureMalformed = "signature-malformed";

    /// <summary>A message signature that no key could have made.</summary>
    public const string SignatureNotRecoverable = "signature-not-recoverable";
}
