using System.Collections.Immutable;
using System.Text.Json;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Settlement;
using Basilisk.Chain.Validation;
using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Corpora;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Checkpoints;
using Basilisk.Node.Failures;
using Basilisk.Node.Genesis;
using Basilisk.Node.Judging;
using Basilisk.Store.Events;
using Microsoft.Extensions.Logging.Abstractions;

namespace Basilisk.Node.Verification;

/// <summary>
/// Writes recorded rounds as files that another program can judge without this one: checkpoints, payloads, corpus, seeds, and the
/// recorded results. Replays the log, makes every checkpoint again from payloads, and judges nothing itself.
/// </summary>
public sealed class RoundExporter(Network network, IEventStore store)
{
    public const string RoundsFile = "rounds.json";
    public const string CorpusFile = "corpus.bskt";
    public const string CheckpointFolder = "checkpoints";
    public const string PayloadFolder = "payloads";

    /// <summary>Rounds written where none are named: the last that had contributions.</summary>
    public const int DefaultRounds = 3;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <param name="folder">Where to; made where it is missing.</param>
    /// <param name="range">First and last round, or null for the last three that had contributions.</param>
    /// <param name="progress">Told the height after each block.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <returns>The rounds written, by rising number.</returns>
    /// <exception cref="UsageException">The chain has not ended the rounds that were named.</exception>
    /// <exception cref="ChainLogCorruptException">A block of the log breaks a rule.</exception>
    public async Task<IReadOnlyList<ExportedRound>> RunAsync(string folder, (ulong First, ulong Last)? range, IProgress<long>? progress, CancellationToken cancellation)
    {
        HashSet<ulong> wanted = await ChooseAsync(range, cancellation);
        Directory.CreateDirectory(Path.Combine(folder, CheckpointFolder));
        Directory.CreateDirectory(Path.Combine(folder, PayloadFolder));
        string work = Directory.CreateTempSubdirectory("basilisk-export-").FullName;
        try
        {
            SortedDictionary<ulong, ExportedRound> rounds = await ReplayAsync(folder, work, wanted, progress, cancellation);
            Write(folder, network.Artefacts.Checkpoint);
            await using (FileStream corpus = File.Create(Path.Combine(folder, CorpusFile)))
            {
                CorpusCodec.Write(network.Artefacts.Corpus, corpus);
            }

            var description = new ExportedRounds(ExportedNetwork.Of(network), [.. rounds.Values]);
            await File.WriteAllTextAsync(Path.Combine(folder, RoundsFile), JsonSerializer.Serialize(description, Json), cancellation);
            return description.Rounds;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>Numbers of the rounds to write, by what the log says ended.</summary>
    private async Task<HashSet<ulong>> ChooseAsync((ulong First, ulong Last)? range, CancellationToken cancellation)
    {
        var ended = new SortedDictionary<ulong, bool>();
        await foreach (ChainLogEntry entry in (await OpenAsync(cancellation)).ReadAsync(cancellation))
        {
            if (entry.Outcome is { } outcome)
            {
                ended[outcome.Round] = !outcome.Contributions.IsEmpty; // a round ended again after a reorganisation counts as it ended last
            }
        }

        if (range is not { } named)
        {
            return [.. ended.Where(round => round.Value).Select(round => round.Key).TakeLast(DefaultRounds)];
        }

        return named.First <= named.Last && ended.ContainsKey(named.First) && ended.ContainsKey(named.Last)
            ? [.. ended.Keys.Where(round => round >= named.First && round <= named.Last)]
            : throw new UsageException(ended.Count == 0
                ? "No round of this chain has ended yet."
                : $"--rounds names {named.First}-{named.Last}; rounds {ended.Keys.First()}-{ended.Keys.Last()} have ended.");
    }

    private async Task<ChainLog> OpenAsync(CancellationToken cancellation)
    {
        var log = new ChainLog(store, network.Parameters, new ChainFacts(network.Parameters, network.Artefacts.HoldoutBytesPerToken));
        await log.OpenAsync(cancellation);
        return log;
    }

    private async Task<SortedDictionary<ulong, ExportedRound>> ReplayAsync(
        string folder, string work, HashSet<ulong> wanted, IProgress<long>? progress, CancellationToken cancellation)
    {
        var rules = new ChainRules(network.Parameters, new Chain.ProofOfWork.KeccakProofOfWork());
        var checkpoints = new CheckpointStore(work, network.Parameters.Model.Shape.ParameterCount, NullLogger.Instance);
        checkpoints.Put(network.Artefacts.Checkpoint);
        var payloads = new PayloadBook(store);
        var rebuilder = new CheckpointRebuilder(network.Parameters, checkpoints, payloads);
        var views = new ViewTree();
        ViewLink tip = views.Root(ChainView.Genesis(network.Parameters));
        var rounds = new SortedDictionary<ulong, ExportedRound>();
        await foreach (ChainLogEntry entry in (await OpenAsync(cancellation)).ReadAsync(cancellation))
        {
            if (entry.Block is null)
            {
                tip = views.Below(tip) ?? throw new ChainLogCorruptException(entry.Sequence, "it takes off a block that cannot be reached.");
                continue;
            }

            if (entry.Outcome is { } outcome)
            {
                await payloads.LoadAsync(tip.View.JudgedPayloads, cancellation);
                RoundJudgement question = RoundJudgement.From(tip.View.State, payloads)
                    ?? throw new ChainLogCorruptException(entry.Sequence, "it ends a round that is not over.");
                if (wanted.Contains(outcome.Round))
                {
                    rounds[outcome.Round] = Write(folder, question, tip.View.Trail, outcome, checkpoints, payloads);
                }

                checkpoints.Put(rebuilder.Rebuild(question, CheckpointRebuilder.AsksFor(tip.View.Trail, outcome), outcome));
            }

            tip = Connect(rules, views, tip, entry);
            if (entry.Outcome is not null)
            {
                Retention.Prune(views, tip.View);
                Retention.LetGo(network.Parameters, views.All(), [], checkpoints, payloads);
            }

            progress?.Report(tip.View.Height);
        }

        return rounds;
    }

    private static ViewLink Connect(ChainRules rules, ViewTree views, ViewLink tip, ChainLogEntry entry) =>
        rules.Connect(tip.View.State, entry.Block!, entry.Outcome).TryGet(out ConnectedBlock? connected, out Refusal? refusal)
            ? views.Extend(tip, connected)
            : throw new ChainLogCorruptException(entry.Sequence, $"its block breaks a rule: {refusal}. Run `./basilisk verify`.");

    private static void Write(string folder, Checkpoint checkpoint)
    {
        using FileStream file = File.Create(Path.Combine(folder, CheckpointFolder, $"{checkpoint.Root}.bskc"));
        CheckpointCodec.Write(checkpoint, file);
    }

    private static ExportedRound Write(
        string folder, RoundJudgement question, RoundTrail trail, RoundOutcome outcome, CheckpointStore checkpoints, PayloadBook payloads)
    {
        // A round without contributions is not judged: it asks for no checkpoint of the past and no payload.
        Hash256[] past = question.Payloads.IsEmpty ? [] : [.. trail.PastModels];
        ImmutableArray<Hash256>[] payloadsBefore = question.Payloads.IsEmpty ? [] : [.. trail.Ended.Select(round => round.Payloads)];
        foreach (Hash256 root in past.Prepend(question.ModelRoot).Distinct())
        {
            Write(folder, checkpoints.Get(root));
        }

        foreach (Hash256 payload in question.Payloads.Select(payload => payload.PayloadHash).Concat(payloadsBefore.SelectMany(hashes => hashes)).Distinct())
        {
            File.WriteAllBytes(Path.Combine(folder, PayloadFolder, $"{payload}.bskp"), payloads.GetPayload(payload).ToArray());
        }

        return new ExportedRound(
            outcome.Round,
            question.ModelRoot.ToString(),
            question.EvaluationSeed.ToString(),
            [.. past.Select(root => root.ToString())],
            [.. payloadsBefore.Select(hashes => hashes.Select(hash => hash.ToString()).ToList())],
            [.. question.Payloads.Select(payload => new ExportedPayload(payload.Unit.ToString(), payload.PayloadHash.ToString()))],
            outcome.Hash.ToString(),
            ExportedOutcome.Of(outcome));
    }
}
