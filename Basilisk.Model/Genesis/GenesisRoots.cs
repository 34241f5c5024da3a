using Basilisk.Exact.Hashing;

namespace Basilisk.Model.Genesis;

/// <summary>What a network's manifest (genesis.json) names its artefacts by.</summary>
/// <param name="Tokenizer">SHA-256 of the tokenizer.</param>
/// <param name="Corpus">Merkle root of the corpus.</param>
/// <param name="Checkpoint">Merkle root of the first checkpoint.</param>
/// <param name="Seed">What the first weights were drawn from.</param>
public sealed record GenesisRoots(Hash256 Tokenizer, Hash256 Corpus, Hash256 Checkpoint, Hash256 Seed)
{
    /// <param name="name">What to call the bytes in a message.</param>
    /// <param name="manifest">The manifest's bytes.</param>
    /// <exception cref="GenesisFileCorruptException">The bytes are not a manifest of this format.</exception>
    public static GenesisRoots Parse(string name, byte[] manifest)
    {
        GenesisManifest read = GenesisManifest.Parse(name, manifest);
        return new GenesisRoots(
            Hash256.Parse(read.TokenizerHash), Hash256.Parse(read.CorpusRoot), Hash256.Parse(read.CheckpointRoot), Hash256.Parse(read.Seed));
    }
}
