using System.CommandLine;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Failures;
using Basilisk.Node.Options;

namespace Basilisk.Node.Cli;

/// <summary>The options that several commands share; each command adds those that it reads.</summary>
internal sealed class CommonOptions
{
    public Option<string> Data { get; } = new("--data") { Description = "Data directory.", DefaultValueFactory = _ => DefaultData() };

    public Option<string?> Network { get; } = new("--network") { Description = "dev, test, or a folder made by `basilisk genesis create`. Default: what the data directory holds; else the network of the peers named with --join; else dev." };

    public Option<string[]> Join { get; } = new("--join") { Description = "A peer to join, HOST:PORT; may be given more than once.", AllowMultipleArgumentsPerToken = false };

    public Option<string?> Listen { get; } = new("--listen") { Description = "Address and port to take peers' connections on, e.g. 0.0.0.0:30545; none takes none. Default: of `up` 127.0.0.1:30545 where that is free, of `node` none." };

    public Option<string?> NetworkHash { get; } = new("--network-hash") { Description = "Parameters' hash (0x...) that the joined network must have; `genesis show` and the portal print it." };

    public Option<int> Upload { get; } = new("--upload") { Description = "KiB per second of upload to all peers together; answers to their requests wait where it is more.", DefaultValueFactory = _ => new PeerOptions().UploadKib };

    public Option<int> UploadPerPeer { get; } = new("--upload-per-peer") { Description = "KiB per second of upload to one peer, likewise.", DefaultValueFactory = _ => new PeerOptions().UploadPerPeerKib };

    public Option<bool> Fast { get; } = new("--fast") { Description = "Begin from a snapshot of a settled round instead of replaying every block." };

    public Option<bool> Archive { get; } = new("--archive") { Description = "Keep the payloads of all rounds, so that others can replay from genesis (the default; --archive false lets old ones go).", DefaultValueFactory = _ => new PeerOptions().Archive };

    public Option<bool> Json { get; } = new("--json") { Description = "Print JSON, one object per line." };

    public Option<string?> Postgres { get; } = new("--postgres") { Description = "Connection string of a PostgreSQL to use (or BASILISK_POSTGRES). Default: a private cluster in the data directory." };

    public Option<bool> InMemory { get; } = new("--in-memory") { Description = "Keep events in memory only; nothing survives the process." };

    public Option<string> Http { get; } = new("--http") { Description = "Address and port of the node's HTTP surface.", DefaultValueFactory = _ => new HttpOptions().Listen };

    public Option<bool> NoMine { get; } = new("--no-mine") { Description = "Do not mine." };

    public Option<bool> NoTrain { get; } = new("--no-train") { Description = "Do not train." };

    public Option<int> MiningThreads { get; } = new("--mining-threads") { Description = "Mining threads.", DefaultValueFactory = _ => 1 };

    public Option<double?> Duty { get; } = new("--duty") { Description = "Share of time a mining thread hashes, 0.001-1. Default: 0.03 on dev and test, 1 elsewhere." };

    public Option<int> TrainThreads { get; } = new("--train-threads") { Description = "Training threads; 0 means every core." };

    public Option<int> Units { get; } = new("--units") { Description = "Contributions to make in a round.", DefaultValueFactory = _ => new TrainingOptions().UnitsPerRound };

    public Option<int> Batch { get; } = new("--batch") { Description = "Sequences per optimiser step.", DefaultValueFactory = _ => new TrainingOptions().BatchSequences };

    public Option<double> LearningRate { get; } = new("--learning-rate") { Description = "Learning rate after warm-up.", DefaultValueFactory = _ => new TrainingOptions().LearningRate };

    public Option<string?> PasswordFile { get; } = new("--password-file") { Description = "File that holds the key's password (or the environment variable BASILISK_PASSWORD)." };

    public Option<int> ClockOffset { get; } = new("--clock-offset") { Description = "Seconds to add to this machine's clock, where it is wrong and cannot be set." };

    public Option<string> Node { get; } = new("--node") { Description = "URL of the node to ask.", DefaultValueFactory = _ => "http://127.0.0.1:8545" };

    public void AddNodeOptions(Command command)
    {
        foreach (Option option in new Option[] { Data, Network, Join, Listen, NetworkHash, Upload, UploadPerPeer, Fast, Archive, Json, Postgres, InMemory, Http, NoMine, NoTrain, MiningThreads, Duty, TrainThreads, Units, Batch, LearningRate, PasswordFile, ClockOffset })
        {
            command.Options.Add(option);
        }
    }

    public NodeOptions ReadNodeOptions(ParseResult parse)
    {
        var options = new NodeOptions
        {
            Network = parse.GetValue(Network),
            DataDirectory = parse.GetValue(Data)!,
            Http = { Listen = parse.GetValue(Http)! },
            Mining = { Enabled = !parse.GetValue(NoMine), Threads = parse.GetValue(MiningThreads), DutyCycle = parse.GetValue(Duty) },
            Training =
            {
                Enabled = !parse.GetValue(NoTrain),
                Threads = parse.GetValue(TrainThreads),
                UnitsPerRound = parse.GetValue(Units),
                BatchSequences = parse.GetValue(Batch),
                LearningRate = parse.GetValue(LearningRate),
            },
            Storage =
            {
                ConnectionString = parse.GetValue(Postgres) ?? Environment.GetEnvironmentVariable("BASILISK_POSTGRES"),
                InMemory = parse.GetValue(InMemory),
            },
            PasswordFile = parse.GetValue(PasswordFile),
            Peers =
            {
                Join = parse.GetValue(Join) ?? [],
                Listen = parse.GetValue(Listen) is "none" ? null : parse.GetValue(Listen),
                NetworkHash = ReadHash(parse.GetValue(NetworkHash)),
                UploadKib = parse.GetValue(Upload),
                UploadPerPeerKib = parse.GetValue(UploadPerPeer),
                Fast = parse.GetValue(Fast),
                Archive = parse.GetValue(Archive),
            },
            Clock = { OffsetSeconds = parse.GetValue(ClockOffset) },
        };
        options.Validate();
        return options;
    }

    private static Hash256? ReadHash(string? text)
    {
        if (text is null)
        {
            return null;
        }

        return Hash256.TryParse(text, out Hash256 hash) ? hash : throw new SettingOutOfRangeException("--network-hash", $"'{text}'", "0x and 64 hexadecimal digits");
    }

    private static string DefaultData() => Environment.GetEnvironmentVariable("BASILISK_DATA")
        ?? Path.Combine(Environment.GetEnvironmentVariable("BASILISK_HOME") ?? Environment.CurrentDirectory, "data");
}
