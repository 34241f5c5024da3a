using System.Security.Cryptography;
using Basilisk.Chain.Refusals;

namespace Basilisk.Wallet.Keystores;

/// <summary>How a keystore turns a password into key material. Costs are within the caps once this exists.</summary>
internal abstract record KeyDerivation(byte[] Salt, int Length)
{
    // Only the first 32 bytes of key material are used; some files ask for more.
    private const int MinimumLength = 32;
    private const int MaximumLength = 64;

    /// <summary>scrypt's N·r·p, or PBKDF2's iterations.</summary>
    public abstract long Work { get; }

    /// <summary>The key material. The caller clears it.</summary>
    public abstract byte[] Derive(ReadOnlySpan<byte> password, CancellationToken cancellation);

    public static Verdict<KeyDerivation> Read(KeystoreFields crypto)
    {
        if (!crypto.TryObject("kdfparams", out KeystoreFields parameters)
            || parameters.Bytes("salt") is not { } salt
            || parameters.Number("dklen") is not { } length
            || length is < MinimumLength or > MaximumLength)
        {
            return Malformed("The key derivation lacks its salt, or its length is not 32 to 64 bytes.");
        }

        return crypto.Text("kdf") switch
        {
            "scrypt" => ReadScrypt(parameters, salt, length),
            "pbkdf2" => ReadPbkdf2(parameters, salt, length),
            _ => new Refusal(RefusalKind.Malformed, WalletToken.KeystoreDerivationUnsupported, "Only scrypt and pbkdf2 can be read."),
        };
    }

    private static Verdict<KeyDerivation> ReadScrypt(KeystoreFields parameters, byte[] salt, int length)
    {
        if (parameters.Number("n") is not { } n || parameters.Number("r") is not { } r || parameters.Number("p") is not { } p)
        {
            return Malformed("scrypt lacks n, r or p.");
        }

        var costs = new ScryptParameters(n, r, p);
        return costs.Check() is { } refusal ? refusal : new ScryptDerivation(salt, length, costs);
    }

    private static Verdict<KeyDerivation> ReadPbkdf2(KeystoreFields parameters, byte[] salt, int length)
    {
        if (parameters.Text("prf") != "hmac-sha256")
        {
            return new Refusal(RefusalKind.Malformed, WalletToken.KeystoreDerivationUnsupported, "pbkdf2 is read with hmac-sha256 only.");
        }

        if (parameters.Number("c") is not { } iterations || iterations < 1)
        {
            return Malformed("pbkdf2 lacks its iterations.");
        }

        return iterations > Pbkdf2Derivation.MaximumIterations
            ? new Refusal(
                RefusalKind.Malformed, WalletToken.KeystoreDerivationTooCostly, "pbkdf2 asks for too many iterations.", iterations, Pbkdf2Derivation.MaximumIterations)
            : new Pbkdf2Derivation(salt, length, iterations);
    }

    private static Refusal Malformed(string detail) => new(RefusalKind.Malformed, WalletToken.KeystoreMalformed, detail);
}

/// <summary>scrypt (RFC 7914).</summary>
internal sealed record ScryptDerivation(byte[] Salt, int Length, ScryptParameters Costs) : KeyDerivation(Salt, Length)
{
    public override long Work => (long)Costs.N * Costs.R * Costs.P;

    public override byte[] Derive(ReadOnlySpan<byte> password, CancellationToken cancellation) =>
        Scrypt.Derive(password, Salt, Costs, Length, cancellation);
}

/// <summary>PBKDF2 with HMAC-SHA-256 (RFC 8018).</summary>
internal sealed record Pbkdf2Derivation(byte[] Salt, int Length, int Iterations) : KeyDerivation(Salt, Length)
{
    /// <summary>About eight seconds; wallets write 262,144.</summary>
    public const int MaximumIterations = 8_000_000;

    public override long Work => Iterations;

    public override byte[] Derive(ReadOnlySpan<byte> password, CancellationToken cancellation) =>
        Rfc2898DeriveBytes.Pbkdf2(password, Salt, Iterations, HashAlgorithmName.SHA256, Length);
}
