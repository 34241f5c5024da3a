using System.Text.Json;
using Basilisk.Chain.Parameters;
using Basilisk.Exact.Shapes;
using Basilisk.Model.Corpora;
using Basilisk.Model.Corpora.Default;
using Basilisk.Model.Genesis;
using Basilisk.Node.Failures;

namespace Basilisk.Node.Genesis;

/// <summary>What a network is: its parameters, and the tokenizer, corpus and first checkpoint they name.</summary>
public sealed record Network(NetworkParameters Parameters, GenesisArtefacts Artefacts);

/// <summary>
/// A network's folder: <c>network.json</c> says which preset it stands on and what differs; the artefacts lie beside it. The
/// parameters follow from both, so a changed file is another network, not a broken one.
/// </summary>
public static class NetworkFolder
{
    public const string ParametersFile = "network.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Names of the networks that need no folder of their own.</summary>
    public static IReadOnlyList<string> Presets { get; } = ["dev", "test"];

    public static bool Exists(string folder) => File.Exists(Path.Combine(folder, ParametersFile)) && GenesisFolder.Exists(folder);

    /// <exception cref="UnknownNetworkException">The folder's preset is not one this version knows.</exception>
    public static Network Load(string folder, CancellationToken cancellation)
    {
        NetworkFile file = JsonSerializer.Deserialize<NetworkFile>(File.ReadAllText(Path.Combine(folder, ParametersFile)), Json)
            ?? throw new NetworkFileUnreadableException(Path.Combine(folder, ParametersFile), "it is null.");
        GenesisArtefacts artefacts = GenesisFolder.Load(folder, cancellation);
        return new Network(Parameters(file, artefacts), artefacts);
    }

    /// <summary>Copies a network's files into a data directory.</summary>
    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        }
    }

    /// <summary>Makes a preset's network in a folder: the dev corpus, tokenizer and first checkpoint, or a small one for tests.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="preset">One of <see cref="Presets"/>.</param>
    /// <param name="genesisTime">Unix seconds; the schedule starts here.</param>
    /// <param name="threads">Threads to encode on.</param>
    /// <param name="progress">Told of each stage.</param>
    /// <param name="cancellation">Stops between documents.</param>
    public static Network Create(string folder, string preset, ulong genesisTime, int threads, IProgress<GenesisProgress>? progress, CancellationToken cancellation)
    {
        (GenesisOptions options, ICorpusSource source) = preset switch
        {
            "dev" => (DevGenesis.Options, (ICorpusSource)new DefaultCorpus()),
            "test" => (TestOptions, new FirstDocuments(new DefaultCorpus(), 500)),
            _ => throw new UnknownNetworkException(preset),
        };
        return Create(folder, new NetworkFile(preset, preset, preset == "dev" ? 13371UL : 13372UL, genesisTime), options, source, threads, progress, cancellation);
    }

    /// <summary>Makes a network from any corpus, on the rules of a preset.</summary>
    public static Network Create(
        string folder,
        NetworkFile file,
        GenesisOptions options,
        ICorpusSource source,
        int threads,
        IProgress<GenesisProgress>? progress,
        CancellationToken cancellation)
    {
        GenesisArtefacts artefacts = new GenesisBuilder(options, threads).Build(source, progress, cancellation);
        GenesisFolder.Save(folder, artefacts, cancellation);
        string path = Path.Combine(folder, ParametersFile);
        File.WriteAllText(path + ".partial", JsonSerializer.Serialize(file, Json));
        File.Move(path + ".partial", path, overwrite: true);
        return new Network(Parameters(file, artefacts), artefacts);
    }

    private static GenesisOptions TestOptions => new()
    {
        VocabularySize = NetworkPresets.TestShape.Vocabulary,
        Depth = 1,
        Context = NetworkPresets.TestShape.Context,
        JudgingWindows = 16,
        Seed = DevGenesis.Options.Seed,
    };

    private static NetworkParameters Parameters(NetworkFile file, GenesisArtefacts artefacts)
    {
        ModelShape shape = artefacts.Checkpoint.Shape;
        var model = new ModelParameters(shape, artefacts.Tokenizer.Hash, artefacts.Corpus.Root, artefacts.Seed, artefacts.Checkpoint.Root);
        NetworkParameters preset = file.Preset switch
        {
            "dev" => NetworkPresets.Dev(model, file.GenesisTime),
            "test" => NetworkPresets.Test(model, file.GenesisTime),
            "main" => NetworkPresets.Main(model, file.GenesisTime),
            _ => throw new UnknownNetworkException(file.Preset),
        };
        return preset with { Name = file.Name, ChainId = file.ChainId };
    }
}

/// <summary>What <c>network.json</c> holds.</summary>
/// <param name="Preset">Rules it stands on: dev, test or main.</param>
/// <param name="Name">Its own name, 1–32 of a–z, 0–9 and '-'.</param>
/// <param name="ChainId">EIP-155 chain id.</param>
/// <param name="GenesisTime">Unix seconds.</param>
public sealed record NetworkFile(string Preset, string Name, ulong ChainId, ulong GenesisTime);

/// <summary>The first documents of another source: a small network for tests.</summary>
internal sealed class FirstDocuments(ICorpusSource source, int count) : ICorpusSource
{
    public string Name => $"{source.Name}, first {count}";

    public IEnumerable<CorpusDocument> Read(CancellationToken cancellation) => source.Read(cancellation).Take(count);
}
