using Basilisk.Chain.Assembly;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.ProofOfWork;
using Basilisk.Chain.Signatures;
using Basilisk.Chain.State;
using Basilisk.Chain.Validation;
using Basilisk.Exact.Checkpoints;
using Basilisk.Simulation.World;

namespace Basilisk.Simulation.Chains;

/// <summary>
/// Many nodes in one process on virtual time. Blocks and calls are real and every node checks them by the real rules; only the moment at
/// which a block is found and the time a message takes are drawn, from the run's seed.
/// </summary>
public sealed class VirtualNetwork : IDisposable
{
    private readonly VirtualNode[] _nodes;
    private int _racesToAttacker;
    private int _races;

    /// <param name="world">Model and data.</param>
    /// <param name="settings">Sizes and times.</param>
    /// <param name="seed">Number of the run.</param>
    /// <param name="participants">Who takes part; the first is the one whose chain is read.</param>
    /// <param name="cancellation">Stops inside judging.</param>
    public VirtualNetwork(SmallNetwork world, ChainSettings settings, int seed, IReadOnlyList<Conduct> participants, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(participants);
        Checkpoint genesis = world.Genesis(seed);
        (World, Settings, Cancellation) = (world, settings, cancellation);
        Rules = new ChainRules(settings.Parameters(world, genesis), KeccakProofOfWork.Instance);
        Assembler = new BlockAssembler(Rules);
        Book = new SettlementBook(world, genesis);
        Draws = new RunDraws(RunSeed.Of(seed, "chain"));
        var start = new ChainView(ChainState.Genesis(Rules.Parameters), []);
        _nodes = [.. participants.Select((conduct, i) => new VirtualNode(this, i, conduct, start, PrivateKey.FromBytes(RunSeed.Of(seed, "key", i).ToArray())))];
    }

    /// <summary>The rules of this network.</summary>
    public ChainRules Rules { get; }

    /// <summary>Seconds since the start, and what is to come.</summary>
    public VirtualTime Time { get; } = new();

    internal SmallNetwork World { get; }

    internal ChainSettings Settings { get; }

    internal CancellationToken Cancellation { get; }

    internal BlockAssembler Assembler { get; }

    internal SettlementBook Book { get; }

    internal RunDraws Draws { get; }

    internal IReadOnlyList<VirtualNode> Nodes => _nodes;

    /// <summary>Lets time pass until the first node's chain has so many rounds behind it.</summary>
    public ChainRun Run(int rounds)
    {
        foreach (VirtualNode node in _nodes)
        {
            node.Start();
        }

        ulong last = Rules.Parameters.Rounds.LastHeightOf((ulong)rounds - 1);
        while (_nodes[0].View.State.Height < last && Time.Step())
        {
            Cancellation.ThrowIfCancellationRequested();
        }

        return ChainRun.Of(this, _nodes[0], rounds, _races == 0 ? 0 : (double)_racesToAttacker / _races);
    }

    public void Dispose()
    {
        foreach (VirtualNode node in _nodes)
        {
            node.Dispose();
        }
    }

    internal void Tell(VirtualNode from, Block block) => ToOthers(from, node => node.Receive(block));

    internal void Tell(VirtualNode from, CandidateTransaction call) => ToOthers(from, node => node.Receive(call));

    /// <summary>Counts who won a race of two branches where neither racer found the next block himself.</summary>
    internal void Race(bool onAttackersBranch, bool over)
    {
        _races += over ? 1 : 0;
        _racesToAttacker += over && onAttackersBranch ? 1 : 0;
    }

    private void ToOthers(VirtualNode from, Action<VirtualNode> what)
    {
        foreach (VirtualNode node in _nodes.Where(node => node != from))
        {
            double mean = Settings.MeanDelay * from.Conduct.LinkDelay * node.Conduct.LinkDelay;
            Time.After(mean * (0.5 + Draws.Uniform()), () => what(node));
        }
    }
}
