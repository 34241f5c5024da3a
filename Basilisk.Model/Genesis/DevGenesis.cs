using System.Security.Cryptography;
using Basilisk.Exact.Hashing;

namespace Basilisk.Model.Genesis;

/// <summary>
/// The dev network's model and data. Every machine builds them from the default corpus and must get these hashes;
/// a test does. Whoever changes the generator, the trainer or the initial weights makes another dev network and pins it here.
/// </summary>
public static class DevGenesis
{
    /// <summary>The defaults, with the dev network's own seed.</summary>
    public static GenesisOptions Options { get; } = new() { Seed = new Hash256(SHA256.HashData("basilisk dev network"u8)) };

    /// <summary><see cref="TextStatistics.Hash"/> of the default corpus.</summary>
    public static Hash256 TextHash { get; } = Hash256.Parse("664ccfcc6a5de063cc120d9a47d55f46290f34c13980c10400e0435e7de83af7");

    public static Hash256 TokenizerHash { get; } = Hash256.Parse("5ccca0f2e23bc4e9d66f207f043c343cbef7326f5a94566a1d9799ac1162cbbf");

    public static Hash256 CorpusRoot { get; } = Hash256.Parse("2bb7db866ca36ad0a26b89e43fbb4d87bd7f95de07bebcea5062658df2c7208c");

    public static Hash256 CheckpointRoot { get; } = Hash256.Parse("cd5d3f300a052343ef3bc9908c66bcfa3dfacfbb8c21ecc35eedf4bc4aabb72c");
}
