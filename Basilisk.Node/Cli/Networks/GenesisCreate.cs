using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Basilisk.Chain.Parameters;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Shapes;
using Basilisk.Model.Corpora;
using Basilisk.Model.Genesis;
using Basilisk.Node.Failures;
using Basilisk.Node.Genesis;

namespace Basilisk.Node.Cli.Networks;

/// <summary><c>basilisk genesis create</c>: a network from a folder of texts, on the rules of a preset.</summary>
internal sealed class GenesisCreate
{
    private readonly Option<string> _corpus = new("--corpus") { Description = "Folder with .txt, .md and .jsonl files (UTF-8), read with its subfolders.", Required = true };
    private readonly Option<string> _out = new("--out") { Description = "New folder to write the network to.", Required = true };
    private readonly Option<string> _name = new("--name") { Description = "The network's name: 1 to 32 of a-z, 0-9 and '-'.", Required = true };
    private readonly Option<ulong> _chainId = new("--chain-id") { Description = "EIP-155 chain id, so that transactions of one network mean nothing on another.", Required = true };
    private readonly Option<string> _preset = new("--preset") { Description = "Rules to stand on: dev (blocks every 5 s, one machine), main (every minute, many machines) or test.", DefaultValueFactory = _ => "dev" };
    private readonly Option<int?> _depth = new("--depth") { Description = "The dial that the model's sizes follow from: 4 is about a million weights. Default: the preset's." };
    private readonly Option<int?> _vocabulary = new("--vocabulary") { Description = "Tokens of the tokenizer, 260 to 65536. Default: the preset's." };
    private readonly Option<int?> _context = new("--context") { Description = "Longest sequence, in tokens. Default: the preset's." };
    private readonly Option<int> _holdout = new("--holdout") { Description = "Least share of the corpus that is only ever tested on, in thousandths; a small corpus gives more.", DefaultValueFactory = _ => new GenesisOptions().HoldoutPermille };
    private readonly Option<string?> _seed = new("--seed") { Description = "What the first weights are drawn from: any text. Default: the network's name." };
    private readonly Option<ulong?> _time = new("--genesis-time") { Description = "Unix seconds at which the block schedule starts. Default: now." };
    private readonly Option<uint?> _interval = new("--block-interval") { Description = "Seconds between blocks that difficulty aims at, 1 to 86400. Default: the preset's." };
    private readonly Option<bool> _json = new CommonOptions().Json;

    private GenesisCreate()
    {
        _preset.AcceptOnlyFromAmong("dev", "main", "test");
    }

    public static Command Create()
    {
        var create = new GenesisCreate();
        var command = new Command("create", "Make a network from your own texts: tokenizer, corpus, first weights and rules. Run it with `./basilisk up --network DIR`.");
        foreach (Option option in new Option[]
        {
            create._corpus, create._out, create._name, create._chainId, create._preset, create._depth, create._vocabulary, create._context,
            create._holdout, create._seed, create._time, create._interval, create._json,
        })
        {
            command.Options.Add(option);
        }

        command.SetAction(create.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellation)
    {
        string folder = Path.GetFullPath(parse.GetValue(_out)!);
        if (NetworkFolder.Exists(folder))
        {
            throw new UsageException($"{folder} already holds a network. Choose another folder with --out.");
        }

        GenesisOptions options = ReadOptions(parse);
        ulong time = parse.GetValue(_time) ?? (ulong)TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var file = new NetworkFile(parse.GetValue(_preset)!, parse.GetValue(_name)!, parse.GetValue(_chainId), time, NetworkRecipe.Of(options), parse.GetValue(_interval));
        NetworkFolder.RequireSound(file, options);
        var corpus = new TextFolderCorpus(parse.GetValue(_corpus)!);
        Network made = await Terminal.WithProgressAsync("genesis", line => Task.Run(
            () => NetworkFolder.Create(folder, file, options, corpus, Environment.ProcessorCount, new GenesisBar(line), cancellation), cancellation));
        new NetworkDescription(made).Print(parse.GetValue(_json));
        if (!parse.GetValue(_json))
        {
            Console.Out.WriteLine($"Run it with: ./basilisk up --network {parse.GetValue(_out)} --data DIR");
        }

        return 0;
    }

    private GenesisOptions ReadOptions(ParseResult parse)
    {
        (ModelShape shape, int depth, int windows) = parse.GetValue(_preset) switch
        {
            "main" => (NetworkPresets.MainShape, 8, 128),
            "test" => (NetworkPresets.TestShape, 1, 16),
            _ => (NetworkPresets.DevShape, 4, 128),
        };
        var options = new GenesisOptions
        {
            Depth = parse.GetValue(_depth) ?? depth,
            VocabularySize = parse.GetValue(_vocabulary) ?? shape.Vocabulary,
            Context = parse.GetValue(_context) ?? shape.Context,
            HoldoutPermille = parse.GetValue(_holdout),
            JudgingWindows = windows,
            Seed = new Hash256(SHA256.HashData(Encoding.UTF8.GetBytes(parse.GetValue(_seed) ?? parse.GetValue(_name)!))),
        };
        options.Validate();
        return options;
    }
}
