using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Basilisk.Contracts.Chain;
using Basilisk.Contracts.Model;
using Basilisk.Contracts.NodeStatus;
using Basilisk.Contracts.Rounds;

namespace Basilisk.Testing.FakeNode;

/// <summary>
/// A made-up chain of the dev network's shape, the same on every run: what the scripted node serves. Only tests see it.
/// </summary>
public sealed class ScriptedChain
{
    public const int RoundLength = 24;
    public const string Reward = "25000000000000000000";

    private readonly List<BlockSummary> _blocks = [];
    private readonly long _start;

    public ScriptedChain(int height = 100, long? now = null)
    {
        _start = (now ?? DateTimeOffset.UtcNow.ToUnixTimeSeconds()) - (height * 5L);
        for (var h = 0; h <= height; h++)
        {
            Mine();
        }
    }

    /// <summary>Oldest first; round 1 settled empty, so its rewards wait on until they expire.</summary>
    public IReadOnlyList<BlockSummary> Blocks => [.. _blocks.Select(block => block with
    {
        Reward = block.Round >= CurrentRound ? RewardState.Pending : block.Round != 1 ? RewardState.Released
            : CurrentRound > 8 ? RewardState.Expired : RewardState.Pending,
    })];

    /// <summary>A round that moved the model and paid nobody; null for none.</summary>
    public int? UnpaidRound { get; set; }

    public BlockSummary Tip => _blocks[^1];

    /// <summary>Round of the next height.</summary>
    public int CurrentRound => (int)((Tip.Height + 1) / RoundLength);

    public static IReadOnlyList<string> Miners { get; } =
    [
        "0x9858EfFD232B4033E47d90003D41EC34EcaEda94",
        "0x2c7536E3605D9C16a7a3D7b1898e529396a65c23",
        "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
    ];

    public static string Hash(string seed) => "0x" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(seed)));

    public static string ModelRoot(int round) => Hash($"model {round}");

    public static string TransactionHash(long height) => Hash($"transaction {height}");

    public BlockSummary Mine()
    {
        var height = _blocks.Count;
        var round = height / RoundLength;
        var block = new BlockSummary(
            height,
            Hash($"block {height}"),
            Miners[height % Miners.Count],
            _start + (height * 5L),
            height % 3 == 0 ? 1 : 0,
            PhaseAt(height) == "reveal" ? 1 : 0,
            612 + (height % 7 * 131),
            round,
            PhaseAt(height),
            RewardState.Pending);
        _blocks.Add(block);
        return block;
    }

    public StatusView Status() => new(
        "dev", 13371, "0.1.0", Tip.Height, Tip.Hash, Tip.Time, CurrentRound, PhaseAt(Tip.Height + 1),
        (Tip.Height + 1) % RoundLength / (double)RoundLength, 5, "184320", Hash("state"), ModelRoot(CurrentRound - 1), 2, 1,
        new MiningView(true, 36_400, 0.08, 1, 41, null),
        new TrainingView(true, 4_812, 3_145_728, 0.87, 3.1416, Tip.Hash, 1_536, "training", "CPU, 2 threads, AVX2"),
        new NodeAccountView(Miners[0], "437500000000000000000", 3, 1.75, 0.4211),
        CurrentRound == 0 ? null : new LastRoundView(CurrentRound - 1, true, GainOf(CurrentRound - 1), 21, LossAfter(CurrentRound - 1)),
        CurrentRound,
        640,
        Sync) { Conflict = Conflict };

    /// <summary>How far the node is; current unless a test says otherwise.</summary>
    public SyncView Sync { get; set; } = new("current", true, 0, 0, 0, null);

    public static PeersView Peers() => new(
        Hash("own key"), "127.0.0.1:30545", 12,
        [
            new PeerView(Hash("first peer"), "203.0.113.5:30545", false, "basilisk/0.1.0", ["blocks", "archive"], 1_204, 0.042, 1_234_567, 345_678, 0, 3_700),
            new PeerView(Hash("second peer"), "198.51.100.9:49152", true, "basilisk/0.1.0", ["blocks"], 1_203, null, 12_345, 6_789, 20, 61),
        ],
        [new BanView(Hash("third peer"), null, 1_790_000_000, "work-insufficient")]);


    /// <summary>A chain that finality keeps out.</summary>
    public ConflictView? Conflict { get; set; }

    /// <summary>Heights whose block, and the transaction in it, a reorganisation took off.</summary>
    public ISet<long> Orphaned { get; } = new HashSet<long>();

    public static NetworkView Network() => new(
        "dev", 13371, Hash("block 0"), Hash("parameters"), 5, RoundLength, 16, 4, 4, 8, 2, 1, Reward, 1_180_672,
        "Llama shape, 4 layers, width 128, 4 heads", 1024, 128, 2_400_000, Hash("corpus"), Hash("tokenizer"));

    public BlockView? Block(string id)
    {
        var summary = long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var height)
            ? Blocks.ElementAtOrDefault((int)Math.Min(height, int.MaxValue))
            : Blocks.FirstOrDefault(block => block.Hash == id);
        if (summary is null)
        {
            return null;
        }

        var at = (int)summary.Height;
        return new BlockView(
            summary, at == 0 ? Hash("nothing") : _blocks[at - 1].Hash, "0x1e05b8d9", "184320", "0x00000000000a7c31", "1000000000",
            summary.TransactionCount * 21_000L, 30_000_000, "21000000000000", "42000000000000", Hash($"transactions {at}"), Hash($"state {at}"),
            ModelRoot(summary.Round - 1), Hash($"rounds {summary.Round - 1}"), Hash($"sidecar {at}"), "0x626173696c69736b", "0x01" + new string('a', 400),
            summary.Hash, summary.Reward == RewardState.Pending ? null : summary.Round, summary.TransactionCount == 0 ? [] : [TransactionAt(at)],
            Orphaned.Contains(at) ? 0 : Tip.Height - at + 1, at == 0 ? null : _blocks[at - 1].Hash, at == _blocks.Count - 1 ? null : _blocks[at + 1].Hash)
        {
            Orphaned = Orphaned.Contains(at),
        };
    }

    public IEnumerable<TransactionSummary> Transactions() =>
        _blocks.Where(block => block.TransactionCount > 0).Reverse().Select(block => TransactionAt((int)block.Height));

    public TransactionView? Transaction(string hash)
    {
        var summary = Transactions().FirstOrDefault(transaction => transaction.Hash == hash);
        return summary is null ? null : new TransactionView(
            summary, 2, 40_000, 21_000, "3000000000", "2000000000", "3000000000", "0x", "0x02f86b" + new string('b', 200), Tip.Height - summary.Height!.Value + 1,
            summary.Kind == TransactionKind.Transfer ? null : _blocks[0].Hash, summary.Kind == TransactionKind.Reveal ? Hash("payload") : null,
            summary.Kind == TransactionKind.Transfer ? "for the fish" : null);
    }

    public AddressView Address(string address) => new(
        address, "437500000000000000000", 7, 0.4211, 1.75, 3, "75000000000000000000", 17, 1, 2, _blocks.Count(block => block.Miner == address), 12, Tip.Height);

    public IEnumerable<RewardView> Rewards(string address) => Blocks.Where(block => block.Miner == address).Reverse()
        .Select(block => new RewardView(block.Height, block.Hash, block.Reward, block.Round + 8, block.Reward == RewardState.Pending ? null : block.Round));

    public RoundSummary RoundSummary(int number)
    {
        var open = number == CurrentRound;
        var empty = !open && number == 1;
        var unpaid = !open && number == UnpaidRound;
        return new RoundSummary(
            number, open ? RoundState.Open : empty ? RoundState.Empty : unpaid ? RoundState.Unpaid : RoundState.Settled, number * (long)RoundLength, ((number + 1) * (long)RoundLength) - 1,
            open ? 2 : 5, open || unpaid ? 0 : empty ? 1 : 4, open || empty ? 0 : GainOf(number), 0.0021, open || empty || unpaid ? 0 : 21, open || empty ? 0 : 2,
            empty ? "gain-not-significant" : unpaid ? "public-step" : null, open ? null : _blocks[((number + 1) * RoundLength) - 1].Time);
    }

    public IEnumerable<RoundSummary> Rounds() => Enumerable.Range(0, CurrentRound + 1).Reverse().Select(RoundSummary);

    public RoundView? Round(int number)
    {
        if (number < 0 || number > CurrentRound)
        {
            return null;
        }

        var summary = RoundSummary(number);
        var open = summary.State == RoundState.Open;
        return new RoundView(
            summary, open ? PhaseAt(Tip.Height + 1) : "settled", ModelRoot(number - 1), open ? null : ModelRoot(number), open ? null : Hash($"seed {number}"),
            open ? null : LossAfter(number - 1), open ? null : LossAfter(number), open ? null : LossAfter(number - 1) + 0.004, open ? null : LossAfter(number) + 0.004,
            open ? null : LossAfter(number - 1) + 0.01, open ? null : LossAfter(number) + 0.01, [.. Contributions(number)]);
    }

    public IEnumerable<ContributionView> Contributions(int round)
    {
        var summary = RoundSummary(round);
        for (var i = 0; i < summary.ContributionCount; i++)
        {
            var block = _blocks[(round * RoundLength) + i];
            var settled = summary.State == RoundState.Settled;
            var accepted = settled && i < summary.AcceptedCount;
            var state = summary.State == RoundState.Open ? (i == 0 ? ContributionState.Committed : ContributionState.Open)
                : accepted ? ContributionState.Accepted : ContributionState.Refused;
            yield return new ContributionView(
                block.Hash, block.Height, block.Miner, round, state,
                state == ContributionState.Open ? null : Hash($"commit {block.Height}"), state is ContributionState.Open or ContributionState.Committed ? null : Hash($"reveal {block.Height}"),
                state is ContributionState.Open or ContributionState.Committed ? null : Hash($"payload {block.Height}"), state is ContributionState.Open or ContributionState.Committed ? null : 14_222,
                settled ? 0.0031 - (i * 0.0004) : null, settled ? 0.0005 : null, settled ? 0.0029 - (i * 0.0006) : null, accepted ? 0.25 : null, accepted ? 0.008 : null,
                accepted ? summary.GainNats / summary.AcceptedCount : null, accepted ? 6 : null, state == ContributionState.Refused ? "fresh-gain-below-error" : null);
        }
    }

    public ContributionView? Contribution(string unit) =>
        Enumerable.Range(0, CurrentRound + 1).SelectMany(Contributions).FirstOrDefault(contribution => contribution.Unit == unit);

    public IReadOnlyList<QualityPoint> Quality() => [.. Enumerable.Range(-1, CurrentRound + 1).Select(QualityAt)];

    public QualityPoint QualityAt(int round) => new(
        round, (round + 1) * (long)RoundLength, ModelRoot(round), LossAfter(round) + 0.01, (LossAfter(round) + 0.01) / 2.3, LossAfter(round) + 0.004,
        round <= 0 ? 0 : GainOf(round), _start + ((round + 1) * RoundLength * 5L));

    public IReadOnlyList<PrimerPoint> Primer() => [.. Enumerable.Range(-1, CurrentRound + 1).Select(round => new PrimerPoint(
        round, (round + 1) * (long)RoundLength, ModelRoot(round),
        [
            new PrimerScore("arithmetic", Math.Min(40, (round + 1) * 3), 40),
            new PrimerScore("spelling", Math.Min(40, (round + 1) * 5), 40),
            new PrimerScore("calendar", Math.Min(40, round + 1), 40),
        ]))];

    public IReadOnlyList<LeaderboardEntry> Leaderboard() => [.. Miners.Select((miner, i) => new LeaderboardEntry(
        i + 1, miner, 0.42 / (i + 1), 0.5454 / (i + 1), 31 - (8 * i), _blocks.Count(block => block.Miner == miner), "437500000000000000000", 3 - i, CurrentRound - 1))];

    private static string PhaseAt(long height) => (height % RoundLength) switch { < 16 => "train", < 20 => "reveal", _ => "judge" };

    /// <summary>Nats per token after a round: falls from ln 1024 towards 2.</summary>
    private static double LossAfter(int round) => 2 + (4.9315 * Math.Exp(-(round + 1) / 4.0)) + (0.03 * Math.Sin(round * 1.7));

    private static double GainOf(int round) => LossAfter(round - 1) - LossAfter(round);

    private TransactionSummary TransactionAt(int height)
    {
        var block = _blocks[height];
        var kind = (TransactionKind)(height / 3 % 3);
        return new TransactionSummary(
            TransactionHash(height), kind, TransactionState.Confirmed, block.Miner, Miners[(height + 1) % Miners.Count],
            kind == TransactionKind.Transfer ? "1500000000000000000" : "0", "63000000000000", height / 3, height, block.Hash, 0, block.Time);
    }
}
