using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Corpora;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Tokens;

namespace Basilisk.Model.Genesis;

/// <summary>
/// A network's genesis on disk: tokenizer.bin, corpus.bin, checkpoint.bin in their canonical bytes, and genesis.json, which
/// names their hashes. Each file is written beside its place and moved there whole; nothing is ever half-written.
/// </summary>
public static class GenesisFolder
{
    public const string ManifestFile = "genesis.json";
    public const string TokenizerFile = "tokenizer.bin";
    public const string CorpusFile = "corpus.bin";
    public const string CheckpointFile = "checkpoint.bin";

    /// <summary>Most tokens and weights that a file may announce; 2 GiB arrays are the framework's end anyway.</summary>
    private const int MostEntries = 1 << 29;

    /// <summary>Whether a whole genesis lies in the folder (its files are checked when loaded).</summary>
    public static bool Exists(string folder) => File.Exists(Path.Combine(folder, ManifestFile));

    /// <summary>Writes the four files; the manifest last.</summary>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; each file is whole or absent.</exception>
    public static void Save(string folder, GenesisArtefacts artefacts, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(artefacts);
        Directory.CreateDirectory(folder);
        File.Delete(Path.Combine(folder, ManifestFile)); // an old manifest must not vouch for new files
        Write(folder, TokenizerFile, stream => stream.Write(artefacts.Tokenizer.ToBytes()), cancellation);
        Write(folder, CorpusFile, stream => CorpusCodec.Write(artefacts.Corpus, stream), cancellation);
        Write(folder, CheckpointFile, stream => CheckpointCodec.Write(artefacts.Checkpoint, stream), cancellation);
        Write(folder, ManifestFile, stream => stream.Write(GenesisManifest.Of(artefacts).ToBytes()), cancellation);
    }

    /// <summary>Reads the four files and checks every hash.</summary>
    /// <exception cref="GenesisFileMissingException">A file is not there.</exception>
    /// <exception cref="GenesisFileCorruptException">A file does not hold what the manifest names.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static GenesisArtefacts Load(string folder, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        GenesisManifest manifest = GenesisManifest.Parse(Path.Combine(folder, ManifestFile), Read(folder, ManifestFile, cancellation));
        TokenizerTable tokenizer = LoadTokenizer(folder, manifest.TokenizerHash, cancellation);
        TokenCorpus corpus = LoadCorpus(folder, manifest.CorpusRoot, cancellation);
        Checkpoint checkpoint = LoadCheckpoint(folder, manifest.CheckpointRoot, cancellation);
        if (corpus.Vocabulary != tokenizer.VocabularySize || corpus.Vocabulary > checkpoint.Shape.Vocabulary)
        {
            throw Corrupt(
                folder, CorpusFile, $"tokens of the tokenizer's {tokenizer.VocabularySize} and the model's {checkpoint.Shape.Vocabulary}", $"a vocabulary of {corpus.Vocabulary}");
        }

        return new GenesisArtefacts(tokenizer, corpus, checkpoint, Hash256.Parse(manifest.Seed), manifest.Text());
    }

    private static TokenizerTable LoadTokenizer(string folder, string expected, CancellationToken cancellation)
    {
        if (!TokenizerTable.TryDecode(Read(folder, TokenizerFile, cancellation), out TokenizerTable? tokenizer, out TokenizerRefusal refusal))
        {
            throw Corrupt(folder, TokenizerFile, expected, refusal.ToString());
        }

        Check(folder, TokenizerFile, expected, tokenizer.Hash);
        return tokenizer;
    }

    private static TokenCorpus LoadCorpus(string folder, string expected, CancellationToken cancellation)
    {
        if (!CorpusCodec.TryDecode(Read(folder, CorpusFile, cancellation), MostEntries, out TokenCorpus? corpus, out CorpusRefusal? refusal))
        {
            throw Corrupt(folder, CorpusFile, expected, $"{refusal.Token} ({refusal.Seen}, allowed {refusal.Allowed})");
        }

        Check(folder, CorpusFile, expected, corpus.Root);
        return corpus;
    }

    private static Checkpoint LoadCheckpoint(string folder, string expected, CancellationToken cancellation)
    {
        if (!CheckpointCodec.TryDecode(Read(folder, CheckpointFile, cancellation), MostEntries, out Checkpoint? checkpoint, out CheckpointRefusal? refusal))
        {
            throw Corrupt(folder, CheckpointFile, expected, $"{refusal.Token} ({refusal.Seen}, allowed {refusal.Allowed})");
        }

        Check(folder, CheckpointFile, expected, checkpoint.Root);
        return checkpoint;
    }

    private static void Check(string folder, string name, string expected, Hash256 found)
    {
        if (found != Hash256.Parse(expected))
        {
            throw Corrupt(folder, name, expected, found.ToString());
        }
    }

    private static GenesisFileCorruptException Corrupt(string folder, string name, string expected, string found) =>
        new(Path.Combine(folder, name), expected, found);

    private static byte[] Read(string folder, string name, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        string file = Path.Combine(folder, name);
        return File.Exists(file) ? File.ReadAllBytes(file) : throw new GenesisFileMissingException(file);
    }

    private static void Write(string folder, string name, Action<Stream> content, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        string temporary = Path.Combine(folder, name + ".part");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
            {
                content(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, Path.Combine(folder, name), overwrite: true);
        }
        finally
        {
            File.Delete(temporary); // nothing there after a move; what is left of it after a failure
        }
    }
}
