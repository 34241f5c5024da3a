using System.Text.Json;
using Basilisk.Exact.Hashing;
using Basilisk.Model.Corpora;
using Basilisk.Model.Genesis;
using Basilisk.Node.Failures;

namespace Basilisk.Node.Genesis;

/// <summary>What a repair did.</summary>
/// <param name="ComparedWith">What said which roots the files must have.</param>
/// <param name="Replaced">Names of the files that were made anew; none where all were whole.</param>
public sealed record RepairResult(string ComparedWith, IReadOnlyList<string> Replaced);

/// <summary>
/// Makes a network's artefacts again from what they were made from. The description, network.json, is never changed, and no file is
/// replaced unless the new roots are those that the manifest names (or, where it is lost, those that the dev network is pinned to).
/// </summary>
public sealed class NetworkRepair
{
    private static readonly string[] ArtefactFiles =
        [GenesisFolder.TokenizerFile, GenesisFolder.CorpusFile, GenesisFolder.CheckpointFile, GenesisFolder.ManifestFile];

    private readonly string _folder;
    private readonly string? _corpus;

    /// <param name="folder">The network's folder.</param>
    /// <param name="corpus">Folder of the original texts; null for a preset's network.</param>
    public NetworkRepair(string folder, string? corpus)
    {
        _folder = folder;
        _corpus = corpus;
    }

    /// <exception cref="NodeException">The description cannot be read, the texts are missing, or they give other roots.</exception>
    public RepairResult Run(int threads, IProgress<GenesisProgress>? progress, CancellationToken cancellation)
    {
        NetworkFile file = NetworkFolder.ReadFile(_folder);
        if (IsWhole(cancellation))
        {
            return new RepairResult(GenesisFolder.ManifestFile, []);
        }

        (GenesisOptions options, ICorpusSource source) = Source(file);
        ExpectedRoots? expected = ExpectedRoots.Read(Path.Combine(_folder, GenesisFolder.ManifestFile)) ?? (file.Preset == "dev" && file.Recipe is null ? ExpectedRoots.Dev : null);
        GenesisArtefacts made = new GenesisBuilder(options, threads).Build(source, progress, cancellation);
        expected?.Require(made);
        string beside = _folder + ".repair";
        GenesisFolder.Save(beside, made, cancellation);
        List<string> replaced = [.. ArtefactFiles.Where(name => !Same(Path.Combine(_folder, name), Path.Combine(beside, name)))];
        foreach (string name in replaced)
        {
            File.Move(Path.Combine(beside, name), Path.Combine(_folder, name), overwrite: true);
        }

        Directory.Delete(beside, recursive: true);
        return new RepairResult(expected?.Name ?? "nothing, as the manifest was lost: run `./basilisk verify`, which compares them with the chain", replaced);
    }

    private bool IsWhole(CancellationToken cancellation)
    {
        try
        {
            GenesisFolder.Load(_folder, cancellation);
            return true;
        }
        catch (Exception error) when (error is GenesisFileCorruptException or GenesisFileMissingException)
        {
            return false;
        }
    }

    private (GenesisOptions Options, ICorpusSource Source) Source(NetworkFile file)
    {
        if (file.Recipe is not { } recipe)
        {
            return NetworkFolder.PresetSource(file.Preset);
        }

        return _corpus is not null
            ? (recipe.ToOptions(), new TextFolderCorpus(_corpus))
            : throw new UsageException($"The network {file.Name} was made from your own texts: name their folder with --corpus DIR.");
    }

    private static bool Same(string old, string made) => File.Exists(old) && File.ReadAllBytes(old).AsSpan().SequenceEqual(File.ReadAllBytes(made));

    /// <summary>The roots that the repaired files must have, and who says so.</summary>
    private sealed record ExpectedRoots(string Name, string Tokenizer, string Corpus, string Checkpoint)
    {
        public static ExpectedRoots Dev { get; } = new(
            "the dev network", DevGenesis.TokenizerHash.ToString(), DevGenesis.CorpusRoot.ToString(), DevGenesis.CheckpointRoot.ToString());

        /// <summary>What the manifest names; null where it is lost.</summary>
        public static ExpectedRoots? Read(string manifest)
        {
            if (!File.Exists(manifest))
            {
                return null;
            }

            try
            {
                using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(manifest));
                return Root(document, "tokenizerHash") is { } tokenizer && Root(document, "corpusRoot") is { } corpus && Root(document, "checkpointRoot") is { } checkpoint
                    ? new ExpectedRoots(GenesisFolder.ManifestFile, tokenizer, corpus, checkpoint)
                    : null;
            }
            catch (JsonException)
            {
                return null; // As good as lost.
            }
        }

        public void Require(GenesisArtefacts made)
        {
            Require("tokenizer", Tokenizer, made.Tokenizer.Hash);
            Require("corpus", Corpus, made.Corpus.Root);
            Require("first checkpoint", Checkpoint, made.Checkpoint.Root);
        }

        private static void Require(string what, string expected, Hash256 found)
        {
            if (found != Hash256.Parse(expected))
            {
                throw new GenesisRepairMismatchException(what, expected, found.ToString());
            }
        }

        private static string? Root(JsonDocument document, string name) =>
            document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out JsonElement value)
            && value.ValueKind == JsonValueKind.String && Hash256.TryParse(value.GetString(), out _) ? value.GetString() : null;
    }
}
