using Basilisk.Node.Genesis;

namespace Basilisk.Node.Tests.Support;

/// <summary>The test network, made once per run: a tiny model, rounds of six heights.</summary>
internal static class TestNetwork
{
    /// <summary>Long ago: no block of a test lies in the future.</summary>
    private const ulong GenesisTime = 1_700_000_000;

    private static readonly Lazy<Network> Made = new(() =>
    {
        using var folder = new TemporaryFolder();
        return NetworkFolder.Create(
            folder.Path, "test", GenesisTime, 2, null, CancellationToken.None);
    });

    public static Network Instance => Made.Value;
}

/// <summary>A folder that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("basilisk-test-").FullName;

    public string Sub(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
