using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Basilisk.Chain.Hashing;
using Basilisk.Node.Failures;

namespace Basilisk.Node.Peers.Transport;

/// <summary>
/// The key by which other nodes know this one, ECDSA on P-256, kept in the data directory. The certificate that carries it through TLS
/// is made anew at each start: only the key matters.
/// </summary>
public sealed class PeerIdentity : IDisposable
{
    private static readonly DateTimeOffset ValidFrom = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset ValidTo = new(2120, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private PeerIdentity(X509Certificate2 certificate)
    {
        Certificate = certificate;
        Id = IdOf(certificate) ?? throw new InvalidOperationException("The node's own certificate has no P-256 key.");
    }

    /// <summary>Self-signed, with the private key.</summary>
    public X509Certificate2 Certificate { get; }

    public PeerId Id { get; }

    /// <summary>Reads the key, or makes one where there is no file yet.</summary>
    /// <param name="path">PEM file, readable by its user alone.</param>
    /// <exception cref="PeerIdentityDamagedException">The file is there but holds no such key.</exception>
    /// <exception cref="DataDirectoryUnusableException">It cannot be read or written.</exception>
    public static PeerIdentity LoadOrCreate(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                using ECDsa made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
                OwnFile.Write(path, made.ExportPkcs8PrivateKeyPem() + "\n");
            }

            return Read(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataDirectoryUnusableException(Path.GetDirectoryName(path) ?? path, error);
        }
    }

    /// <summary>A new identity that no file keeps.</summary>
    public static PeerIdentity Create()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new PeerIdentity(CertificateOf(key));
    }

    /// <summary>Whom a certificate belongs to: Keccak-256 of its SubjectPublicKeyInfo; null where its key is not on P-256.</summary>
    public static PeerId? IdOf(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        try
        {
            using ECDsa? key = certificate.GetECDsaPublicKey();
            return key is not null && key.ExportParameters(false).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value
                ? new PeerId(Keccak256.Hash(certificate.PublicKey.ExportSubjectPublicKeyInfo()))
                : null;
        }
        catch (CryptographicException)
        {
            return null; // A point that is not on the curve: no peer.
        }
    }

    public void Dispose() => Certificate.Dispose();

    private static PeerIdentity Read(string path)
    {
        using var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            if (key.ExportParameters(true).Curve.Oid.Value != ECCurve.NamedCurves.nistP256.Oid.Value)
            {
                throw new PeerIdentityDamagedException(path, "its key is not on the curve P-256.");
            }
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            throw new PeerIdentityDamagedException(path, "it holds no private key in PEM.", error);
        }

        return new PeerIdentity(CertificateOf(key));
    }

    private static X509Certificate2 CertificateOf(ECDsa key)
    {
        var request = new CertificateRequest("CN=basilisk", key, HashAlgorithmName.SHA256);
        using X509Certificate2 made = request.CreateSelfSigned(ValidFrom, ValidTo);

        // Through PKCS#12 and back: SChannel on Windows takes no key that lives in memory only.
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
