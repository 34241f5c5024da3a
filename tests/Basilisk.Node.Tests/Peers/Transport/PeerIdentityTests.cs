using System.Security.Cryptography;
using Basilisk.Chain.Hashing;
using Basilisk.Node.Failures;
using Basilisk.Node.Peers;
using Basilisk.Node.Peers.Transport;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Peers.Transport;

public sealed class PeerIdentityTests
{
    [Fact]
    public void The_key_is_made_once_and_kept()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Sub("peers/identity.pem");
        using PeerIdentity first = PeerIdentity.LoadOrCreate(path);
        using PeerIdentity second = PeerIdentity.LoadOrCreate(path);
        using PeerIdentity other = PeerIdentity.Create();
        Assert.Equal(first.Id, second.Id);
        Assert.NotEqual(first.Id, other.Id);
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public void The_id_is_the_hash_of_the_public_key_alone()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Sub("identity.pem");
        using PeerIdentity identity = PeerIdentity.LoadOrCreate(path);
        using ECDsa key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(path));
        Assert.Equal(new PeerId(Keccak256.Hash(key.ExportSubjectPublicKeyInfo())), identity.Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    [InlineData("not a key")]
    public void A_damaged_file_says_so_and_what_to_do(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Sub("identity.pem"), text);
        var error = Assert.Throws<PeerIdentityDamagedException>(() => PeerIdentity.LoadOrCreate(folder.Sub("identity.pem")));
        Assert.Equal("peer-identity-damaged", error.Token);
        Assert.Contains("Restore it from a backup", error.Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(folder.Sub("identity.pem")));
    }

    [Fact]
    public void A_key_on_another_curve_is_damaged_too()
    {
        using var folder = new TemporaryFolder();
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        File.WriteAllText(folder.Sub("identity.pem"), key.ExportPkcs8PrivateKeyPem());
        Assert.Throws<PeerIdentityDamagedException>(() => PeerIdentity.LoadOrCreate(folder.Sub("identity.pem")));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Sub("file"), "");
        var error = Assert.Throws<DataDirectoryUnusableException>(() => PeerIdentity.LoadOrCreate(folder.Sub("file/identity.pem")));
        Assert.Contains(folder.Sub("file"), error.Message, StringComparison.Ordinal);
    }
}
