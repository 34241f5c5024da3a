using Basilisk.Chain.Parameters;
using Basilisk.Exact.Hashing;
using Basilisk.Model.Corpora.Default;
using Basilisk.Model.Genesis;
using Basilisk.Node.Genesis;

namespace Basilisk.Node.Cli.Simulate.Hosts;

/// <summary>The network that rehearsals run on: the dev network's rules and rounds, at a quicker pace and with a small model.</summary>
internal static class HostNetwork
{
    /// <summary>
    /// So many that the hosts do not learn them by heart: they go over 1,500 hundreds of times in ten minutes, and rounds settle empty then.
    /// </summary>
    private const int Documents = 12_000;

    /// <param name="folder">Where to.</param>
    /// <param name="interval">Seconds between blocks.</param>
    /// <param name="time">The clock: the schedule starts now.</param>
    /// <param name="cancellation">Stops between documents.</param>
    public static void Create(string folder, uint interval, TimeProvider time, CancellationToken cancellation)
    {
        var options = new GenesisOptions
        {
            Depth = 1,
            VocabularySize = 320,
            Context = 32,
            JudgingWindows = 128,
            Seed = new Hash256(System.Security.Cryptography.SHA256.HashData("basilisk hosts"u8)),
        };
        var file = new NetworkFile("dev", "hosts", 13_373, (ulong)time.GetUtcNow().ToUnixTimeSeconds(), NetworkRecipe.Of(options), interval);
        NetworkFolder.RequireSound(file, options);
        NetworkFolder.Create(folder, file, options, new FirstDocuments(new DefaultCorpus(), Documents), Environment.ProcessorCount, null, cancellation);
    }

    /// <summary>Heights of a round under the dev network's rules.</summary>
    public static RoundSchedule Rounds(string folder, CancellationToken cancellation) => NetworkFolder.Load(folder, cancellation).Parameters.Rounds;
}
