using Basilisk.Chain.Assembly;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Forks;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Signatures;
using Basilisk.Chain.Transactions;
using Basilisk.Chain.Validation;
using Basilisk.Chain.Validation.Header;
using Basilisk.Exact.Hashing;

namespace Basilisk.Simulation.Chains;

/// <summary>
/// One node of a virtual network: its own tree of headers, its own connected chain by the real rules, its own clock, mempool and
/// contributions. What it says to others goes through the network.
/// </summary>
internal sealed class VirtualNode : IDisposable
{
    private readonly VirtualNetwork _network;
    private readonly HeaderTree _headers;
    private readonly Dictionary<Hash256, Block> _blocks = [];
    private readonly Dictionary<Hash256, ChainView> _views = [];
    private readonly Dictionary<Hash256, List<Block>> _orphans = [];
    private readonly PendingCalls _pending = new();
    private readonly HashSet<Hash256> _said = [];
    private readonly ContributionDesk _desk;
    private long _search;

    public VirtualNode(VirtualNetwork network, int index, Conduct conduct, ChainView genesis, PrivateKey key)
    {
        (_network, Index, Conduct, View, Address) = (network, index, conduct, genesis, key.Address);
        _headers = new HeaderTree(network.Rules, genesis.State.Head);
        _views.Add(genesis.State.Head.Hash, genesis);
        _desk = new ContributionDesk(network.World, network.Book, network.Settings, key, conduct.Training);
        Publisher = BlockPublisher.Create(conduct.Publishing, this, network);
    }

    public int Index { get; }

    public Conduct Conduct { get; }

    public Address Address { get; }

    /// <summary>The chain it is on.</summary>
    public ChainView View { get; private set; }

    /// <summary>Times that rolling finality kept it from a chain with more work.</summary>
    public int SwitchesRefused { get; private set; }

    public BlockPublisher Publisher { get; }

    public HeaderNode Tip => _headers.Find(View.State.Head.Hash)!;

    /// <summary>Its clock, Unix seconds.</summary>
    public ulong Clock => checked((ulong)((long)_network.Settings.UnixTime(_network.Time.Now) + Conduct.Clock));

    private NetworkParameters Parameters => _network.Rules.Parameters;

    /// <summary>Begins to mine.</summary>
    public void Start() => Search();

    /// <summary>Takes a call of another node, or its own.</summary>
    public void Receive(CandidateTransaction call) => _pending.Add(call);

    /// <summary>Takes a block of another node, or its own.</summary>
    public void Receive(Block block)
    {
        if (_headers.Find(block.Hash) is not null)
        {
            return;
        }

        if (HeaderRules.CheckClock(Parameters, block.Header, Clock) is not null)
        {
            _network.Time.After(block.Header.Time - Clock - Parameters.Difficulty.FutureLimit, () => Receive(block));
            return;
        }

        if (_headers.Find(block.Header.ParentHash) is null)
        {
            _orphans.TryAdd(block.Header.ParentHash, []);
            _orphans[block.Header.ParentHash].Add(block);
            return;
        }

        Add(block);
    }

    public void Dispose() => _desk.Dispose();

    private void Add(Block block)
    {
        if (!_headers.Add(block.Header).TryGet(out HeaderNode? node, out Refusal? refusal))
        {
            throw new InvalidOperationException($"Every block of the simulation keeps the header rules. {refusal}");
        }

        _blocks.Add(block.Hash, block);
        if (node.TotalWork > Tip.TotalWork)
        {
            Follow(node);
        }

        if (block.Header.Miner != Address)
        {
            Publisher.Seen(node);
        }

        if (_orphans.Remove(block.Hash, out List<Block>? waiting))
        {
            waiting.ForEach(Receive);
        }
    }

    private void Follow(HeaderNode tip)
    {
        ChainSwitch change = HeaderTree.Switch(Tip, tip);
        if (Finality.Check(Parameters, Tip, tip) is not null)
        {
            SwitchesRefused++;
            return;
        }

        foreach (HeaderNode node in change.Connect)
        {
            Connect(node);
        }

        foreach (HeaderNode node in change.Disconnect)
        {
            Return(_blocks[node.Hash]);
        }

        View = _views[tip.Hash];
        Forget();
        _pending.Prune(View.State);
        Contribute();
        Search();
    }

    private void Connect(HeaderNode node)
    {
        if (_views.ContainsKey(node.Hash))
        {
            return;
        }

        ChainView parent = _views[node.Header.ParentHash];
        Verdict<ConnectedBlock> verdict = _network.Rules.Connect(parent.State, _blocks[node.Hash], _network.Book.Outcome(parent, _network.Cancellation));
        _views[node.Hash] = verdict.TryGet(out ConnectedBlock? connected, out Refusal? refusal)
            ? parent.After(connected)
            : throw new InvalidOperationException($"Every block of the simulation keeps the rules. {refusal}");
    }

    private void Return(Block block)
    {
        int payload = 0;
        foreach (Transaction transaction in block.Transactions)
        {
            bool reveals = ProtocolCall.Read(transaction).Value is RevealCall;
            _pending.Return(new CandidateTransaction(transaction, reveals ? block.Payloads[payload++] : null));
        }
    }

    /// <summary>
    /// Lets go of views that no switch can lead back to. Finality counts settled rounds, so a few empty ones are allowed for; a chain where
    /// nothing is final keeps them all.
    /// </summary>
    private void Forget()
    {
        const ulong EmptyRounds = 16;
        ulong reach = (Parameters.FinalityRounds + EmptyRounds) * Parameters.Rounds.Length;
        foreach (Hash256 old in _views.Where(view => view.Value.State.Height + reach < View.State.Height).Select(view => view.Key).ToList())
        {
            _views.Remove(old);
        }
    }

    private void Contribute()
    {
        foreach (CandidateTransaction call in _desk.CallsAfter(View.State))
        {
            if (_said.Add(call.Transaction.Hash))
            {
                Receive(call);
                _network.Tell(this, call);
            }
        }
    }

    /// <summary>Searching has no memory, so a new tip draws the time anew.</summary>
    private void Search()
    {
        long search = ++_search;
        if (Conduct.HashShare > 0)
        {
            double mean = _network.Settings.MeanSearch(View.State.Head.NextTarget(Parameters), Conduct.HashShare);
            _network.Time.After(_network.Draws.Exponential(mean), () => Find(search));
        }
    }

    private void Find(long search)
    {
        if (search != _search)
        {
            return;
        }

        ulong claimed = Conduct.Time switch
        {
            TimeClaim.Ahead => Clock + Parameters.Difficulty.FutureLimit,
            TimeClaim.Behind => 0,
            _ => Clock,
        };
        BlockTemplate template = _network.Assembler.Build(
            View.State, Address, _pending.Candidates, claimed, _network.Book.Outcome(View, _network.Cancellation));
        Block block = HeaderSealer.Seal(template);
        Receive(block);
        Publisher.Mined(block);
    }
}
