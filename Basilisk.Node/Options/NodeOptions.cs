using System.Globalization;
using System.Net;
using Basilisk.Model.Training;
using Basilisk.Node.Failures;

namespace Basilisk.Node.Options;

/// <summary>Where the node listens and what it says there.</summary>
public sealed class HttpOptions
{
    /// <summary>Address and port of the node's HTTP surface; loopback unless the user says otherwise.</summary>
    public string Listen { get; set; } = "127.0.0.1:8545";

    /// <summary>Largest request body, bytes.</summary>
    public long MaxBodyBytes { get; set; } = 1 << 20;

    public IPEndPoint EndPoint => IPEndPoint.Parse(Listen);

    public void Validate()
    {
        if (!IPEndPoint.TryParse(Listen, out IPEndPoint? parsed) || parsed.Port is < 0 or > 65535 || !Listen.Contains(':', StringComparison.Ordinal))
        {
            throw new SettingOutOfRangeException("Http:Listen (--http)", $"'{Listen}'", "an address and port, for example 127.0.0.1:8545");
        }

        Check.Range("Http:MaxBodyBytes", MaxBodyBytes, 1024, 1 << 30);
    }
}

/// <summary>How hard the node mines.</summary>
public sealed class MiningOptions
{
    public bool Enabled { get; set; } = true;

    /// <summary>Mining threads.</summary>
    public int Threads { get; set; } = 1;

    /// <summary>Share of time a mining thread hashes, 0.001–1. Null: the network's default (0.03 on dev, 1 elsewhere).</summary>
    public double? DutyCycle { get; set; }

    /// <summary>Text in the header's extra data, at most 32 bytes of UTF-8.</summary>
    public string ExtraData { get; set; } = "";

    public void Validate()
    {
        Check.Range("Mining:Threads (--mining-threads)", Threads, 1, 1024);
        if (DutyCycle is { } duty)
        {
            Check.Range("Mining:DutyCycle (--duty)", duty, 0.001m, 1m);
        }

        int bytes = System.Text.Encoding.UTF8.GetByteCount(ExtraData);
        Check.Range("Mining:ExtraData in bytes", bytes, 0, 32);
    }
}

/// <summary>How the node trains.</summary>
public sealed class TrainingOptions
{
    public bool Enabled { get; set; } = true;

    /// <summary>Training threads; 0 means every core.</summary>
    public int Threads { get; set; }

    /// <summary>Contributions the node makes in a round, each for a unit of its own.</summary>
    public int UnitsPerRound { get; set; } = 2;

    /// <summary>Sequences per optimiser step.</summary>
    public int BatchSequences { get; set; } = 8;

    /// <summary>Learning rate after warm-up, 0.000001–1.</summary>
    public double LearningRate { get; set; } = new TrainerOptions().PeakLearningRate;

    public int EffectiveThreads => Threads > 0 ? Threads : Environment.ProcessorCount;

    public void Validate()
    {
        Check.Range("Training:Threads (--train-threads)", Threads, 0, 1024);
        Check.Range("Training:UnitsPerRound (--units)", UnitsPerRound, 1, 64);
        Check.Range("Training:BatchSequences (--batch)", BatchSequences, 1, 4096);
        Check.Range("Training:LearningRate (--learning-rate)", LearningRate, 0.000001m, 1m);
    }
}

/// <summary>Where events are stored.</summary>
public sealed class StorageOptions
{
    /// <summary>A connection string for a PostgreSQL that someone else runs; null: the node runs a private cluster.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Keep events in memory only: nothing survives the process. For trials and tests.</summary>
    public bool InMemory { get; set; }
}

/// <summary>Limits of the mempool.</summary>
public sealed class MempoolOptions
{
    /// <summary>Most transactions held.</summary>
    public int Capacity { get; set; } = 4096;

    /// <summary>Most transactions of one sender.</summary>
    public int PerSender { get; set; } = 64;

    /// <summary>By how many percent a replacement must raise both fees.</summary>
    public int ReplacementPercent { get; set; } = 10;

    /// <summary>Most bytes of payloads that wait for their reveal to be mined.</summary>
    public long PayloadBytes { get; set; } = 256L << 20;

    public void Validate()
    {
        Check.Range("Mempool:Capacity", Capacity, 16, 1_000_000);
        Check.Range("Mempool:PerSender", PerSender, 1, Capacity);
        Check.Range("Mempool:ReplacementPercent", ReplacementPercent, 1, 1000);
        Check.Range("Mempool:PayloadBytes", PayloadBytes, 1 << 20, 1L << 40);
    }
}

/// <summary>All of a node's settings.</summary>
public sealed class NodeOptions
{
    /// <summary>
    /// dev, test, or the folder of a network made by <c>basilisk genesis create</c>. Null: what the data directory holds; else the network
    /// of the peers to join; else <see cref="DefaultNetwork"/>.
    /// </summary>
    public string? Network { get; set; }

    /// <summary>The network that a node makes which was told nothing.</summary>
    public const string DefaultNetwork = "dev";

    public string DataDirectory { get; set; } = "data";

    /// <summary>File with the miner key's password; null: BASILISK_PASSWORD, else a file the node made itself.</summary>
    public string? PasswordFile { get; set; }

    public HttpOptions Http { get; set; } = new();

    public MiningOptions Mining { get; set; } = new();

    public TrainingOptions Training { get; set; } = new();

    public StorageOptions Storage { get; set; } = new();

    public MempoolOptions Mempool { get; set; } = new();

    public PeerOptions Peers { get; set; } = new();

    public ClockOptions Clock { get; set; } = new();

    /// <exception cref="SettingOutOfRangeException">Names the key, the value and the bound.</exception>
    public void Validate()
    {
        Http.Validate();
        Mining.Validate();
        Training.Validate();
        Mempool.Validate();
        Peers.Validate();
        Clock.Validate();
    }
}

internal static class Check
{
    public static void Range(string key, long value, long low, long high)
    {
        if (value < low || value > high)
        {
            throw OutOfRange(key, value, low, high);
        }
    }

    /// <summary>Bounds are decimal so that a message shows them as they are written.</summary>
    public static void Range(string key, double value, decimal low, decimal high)
    {
        if (double.IsNaN(value) || value < (double)low || value > (double)high)
        {
            throw OutOfRange(key, value, low, high);
        }
    }

    private static SettingOutOfRangeException OutOfRange(string key, IFormattable value, IFormattable low, IFormattable high) => new(
        key, value.ToString(null, CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"between {low} and {high}"));
}
