using System.Text.Json;
using Basilisk.Chain.Parameters;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Judging;
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

    /// <summary>Whether a network was made here. Its description is written last, so what else belongs to it was there once.</summary>
    public static bool Exists(string folder) => File.Exists(Path.Combine(folder, ParametersFile));

    /// <summary>Reads the network's description alone.</summary>
    /// <exception cref="NetworkFileUnreadableException">It is missing or no description.</exception>
    public static NetworkFile ReadFile(string folder)
    {
        string path = Path.Combine(folder, ParametersFile);
        if (!File.Exists(path))
        {
            throw new NetworkFileUnreadableException(path, "there is no such file.");
        }

        return Parse(path, File.ReadAllText(path));
    }

    /// <summary>The parameters that follow from a description and what it stands for, before all of that is there.</summary>
    /// <exception cref="UnknownNetworkException">The preset is not one this version knows.</exception>
    /// <exception cref="UnsoundParametersException">A value is outside its bounds.</exception>
    public static NetworkParameters Derive(NetworkFile file, ModelParameters model, int holdoutPermille)
    {
        ArgumentNullException.ThrowIfNull(file);
        NetworkParameters parameters = Parameters(file, model, holdoutPermille);
        return ParameterRules.Check(parameters) is { Count: > 0 } problems ? throw new UnsoundParametersException(file.Name, problems) : parameters;
    }

    /// <summary>Reads a description's text.</summary>
    /// <exception cref="NetworkFileUnreadableException">It is no description.</exception>
    internal static NetworkFile Parse(string path, string text)
    {
        try
        {
            NetworkFile? file = JsonSerializer.Deserialize<NetworkFile>(text, Json);
            if (file is not { Name: not null, Preset: not null })
            {
                throw new NetworkFileUnreadableException(path, "it names no network.");
            }

            return file.Recipe is null || Hash256.TryParse(file.Recipe.Seed, out _) ? file : throw new NetworkFileUnreadableException(path, "its recipe's seed is no hash.");
        }
        catch (JsonException error)
        {
            throw new NetworkFileUnreadableException(path, $"it is no JSON of that form (line {error.LineNumber + 1}).");
        }
    }

    /// <exception cref="UnknownNetworkException">The folder's preset is not one this version knows.</exception>
    /// <exception cref="NetworkFileUnreadableException">Its description is missing or damaged.</exception>
    public static Network Load(string folder, CancellationToken cancellation)
    {
        NetworkFile file = ReadFile(folder);
        GenesisArtefacts artefacts = GenesisFolder.Load(folder, cancellation);
        return new Network(Parameters(file, artefacts), artefacts);
    }

    /// <summary>Copies a network's files into a data directory.</summary>
    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from).OrderBy(path => Path.GetFileName(path) == ParametersFile)) // the description last
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
        (GenesisOptions options, ICorpusSource source) = PresetSource(preset);
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

    /// <summary>Whether the rules would be sound, asked before the long work that makes the artefacts.</summary>
    /// <exception cref="UnsoundParametersException">Name, chain id, time or sizes are outside their bounds; the message names them.</exception>
    public static void RequireSound(NetworkFile file, GenesisOptions options)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        if (ShapeLimits.Refuse(options.Shape) is { } refusal)
        {
            throw new UnsoundParametersException(file.Name, [new ParameterProblem("Model.Shape", options.Shape.ToString(), refusal)]);
        }

        var model = new ModelParameters(options.Shape, Hash256.Zero, Hash256.Zero, options.Seed, Hash256.Zero);
        NetworkParameters parameters = Parameters(file, model, options.HoldoutPermille);
        if (ParameterRules.Check(parameters) is { Count: > 0 } problems)
        {
            throw new UnsoundParametersException(file.Name, problems);
        }
    }

    /// <summary>What a preset's own network is made of.</summary>
    /// <exception cref="UnknownNetworkException">No preset of that name comes with a corpus.</exception>
    public static (GenesisOptions Options, ICorpusSource Source) PresetSource(string preset) => preset switch
    {
        "dev" => (DevGenesis.Options, new DefaultCorpus()),
        "test" => (TestOptions, new FirstDocuments(new DefaultCorpus(), 500)),
        _ => throw new UnknownNetworkException(preset),
    };

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
        var model = new ModelParameters(artefacts.Checkpoint.Shape, artefacts.Tokenizer.Hash, artefacts.Corpus.Root, artefacts.Seed, artefacts.Checkpoint.Root);
        // A small corpus sets more of itself apart than the preset does: the rules must draw the same holdout.
        return Parameters(file, model, artefacts.Corpus.HoldoutPermille);
    }

    /// <summary>Another pace: difficulty still needs as many blocks to follow a change of hash power.</summary>
    private static DifficultyParameters Paced(DifficultyParameters preset, uint interval) => preset with
    {
        BlockInterval = interval,
        HalfLife = (uint)Math.Min(uint.MaxValue, (ulong)preset.HalfLife / preset.BlockInterval * interval), // out of bounds is refused with its number
    };

    private static NetworkParameters Parameters(NetworkFile file, ModelParameters model, int holdoutPermille)
    {
        NetworkParameters preset = file.Preset switch
        {
            "dev" => NetworkPresets.Dev(model, file.GenesisTime),
            "test" => NetworkPresets.Test(model, file.GenesisTime),
            "main" => NetworkPresets.Main(model, file.GenesisTime),
            _ => throw new UnknownNetworkException(file.Preset),
        };
        return preset with
        {
            Name = file.Name,
            ChainId = file.ChainId,
            Difficulty = file.BlockInterval is { } interval ? Paced(preset.Difficulty, interval) : preset.Difficulty,
            Judging = preset.Judging with { HoldoutPermille = holdoutPermille },
        };
    }
}

/// <summary>What <c>network.json</c> holds.</summary>
/// <param name="Preset">Rules it stands on: dev, test or main.</param>
/// <param name="Name">Its own name, 1–32 of a–z, 0–9 and '-'.</param>
/// <param name="ChainId">EIP-155 chain id.</param>
/// <param name="GenesisTime">Unix seconds.</param>
/// <param name="Recipe">Of a network from a user's own texts: what its artefacts were made by, so that they can be made again. The
/// rules do not read it: they follow from the artefacts.</param>
/// <param name="BlockInterval">Seconds between blocks; null: the preset's.</param>
public sealed record NetworkFile(string Preset, string Name, ulong ChainId, ulong GenesisTime, NetworkRecipe? Recipe = null, uint? BlockInterval = null);

/// <summary>What a network's artefacts were made by, beside the texts.</summary>
public sealed record NetworkRecipe(int Depth, int Vocabulary, int Context, int HoldoutPermille, int JudgingWindows, string Seed)
{
    public static NetworkRecipe Of(GenesisOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(options.Depth, options.VocabularySize, options.Context, options.HoldoutPermille, options.JudgingWindows, options.Seed.ToString());
    }

    /// <exception cref="FormatException">The seed is no hash.</exception>
    public GenesisOptions ToOptions() => new()
    {
        Depth = Depth,
        VocabularySize = Vocabulary,
        Context = Context,
        HoldoutPermille = HoldoutPermille,
        JudgingWindows = JudgingWindows,
        Seed = Hash256.Parse(Seed),
    };
}

/// <summary>The first documents of another source: a small network for tests.</summary>
internal sealed class FirstDocuments(ICorpusSource source, int count) : ICorpusSource
{
    public string Name => $"{source.Name}, first {count}";

    public IEnumerable<CorpusDocument> Read(CancellationToken cancellation) => source.Read(cancellation).Take(count);
}
