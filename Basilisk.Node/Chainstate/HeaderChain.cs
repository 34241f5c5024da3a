using Basilisk.Chain.Blocks;
using Basilisk.Chain.Forks;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.ProofOfWork;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.State;
using Basilisk.Chain.Validation;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Peers;

namespace Basilisk.Node.Chainstate;

/// <summary>
/// All headers under one lock of its own, so that nobody waits while the writer works, and the choice between their chains: the
/// most work among those that are not invalid and that rolling finality, or the operator, lets the node follow. Thread-safe.
/// </summary>
/// <param name="rules">The network's rules.</param>
/// <param name="tree">Every header known.</param>
/// <param name="tip">End of the chain whose blocks are connected.</param>
/// <param name="time">The clock, for the one rule that has one.</param>
/// <param name="log">Told when finality keeps a heavier chain out.</param>
public sealed class HeaderChain(ChainRules rules, HeaderTree tree, HeaderNode tip, TimeProvider time, ILogger log)
{
    /// <summary>Headers beside the best chain that are kept whatever its length is.</summary>
    private const int MostBeside = 10_000;

    /// <summary>Bodies that are missing are looked for among at least so many headers at a time.</summary>
    private const int Window = 64;

    private readonly Lock _gate = new();
    private readonly HeaderChecks _checks = new(rules, time);
    private readonly HashSet<Hash256> _accepted = [];
    private HeaderNode _tip = tip;
    private HeaderNode _best = tip;
    private volatile FinalityConflict? _conflict;
    private HeaderNode? _keptOut;
    private HeaderNode? _loading;
    private HeaderNode? _staleBefore;
    private HeaderNode? _newest;

    /// <summary>Called, outside the lock, when another header chain is the best; must not wait.</summary>
    public Action? BestMoved { get; set; }

    /// <summary>The chain with more work that finality keeps out; null where there is none.</summary>
    public FinalityConflict? Conflict => _conflict;

    /// <summary>End of the best header chain.</summary>
    public HeaderNode Best
    {
        get
        {
            lock (_gate)
            {
                return _best;
            }
        }
    }

    /// <summary>Headers kept.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return tree.Count;
            }
        }
    }

    private NetworkParameters Parameters => rules.Parameters;

    public HeaderNode? Find(Hash256 hash)
    {
        lock (_gate)
        {
            return tree.Find(hash);
        }
    }

    /// <summary>Checks one header and takes it in.</summary>
    public Verdict<HeaderNode> Add(BlockHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        if (Find(header.Hash) is null && rules.Isolation.CheckHeader(header) is { } refusal)
        {
            return refusal;
        }

        return Moving(() =>
        {
            Verdict<HeaderNode> added = AddChecked(header);
            return added.TryGet(out HeaderNode? node, out _) && MakeRoom(node) is { } tooLittle ? tooLittle : added;
        });
    }

    /// <summary>
    /// Checks headers in order, work first, and takes them in up to the first that is refused; none where the chain that they end has
    /// too little work to be kept (<see cref="HeaderTokens.WorkTooLow"/>).
    /// </summary>
    public HeaderBatch Add(IReadOnlyList<BlockHeader> headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        int proven = _checks.Proven(headers, hash => Find(hash) is not null, out Refusal? unproven);
        return Moving(() => CheckWork(headers, proven) is { } tooLow ? new HeaderBatch(0, null, unproven ?? tooLow) : AddProven(headers, proven, unproven, isLoad: false));
    }

    /// <summary>As <see cref="Add(IReadOnlyList{BlockHeader})"/>, for the next part of a chain that has shown more work than the best; the parts are kept until <see cref="EndLoad"/>.</summary>
    public HeaderBatch Load(IReadOnlyList<BlockHeader> headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        int proven = _checks.Proven(headers, hash => Find(hash) is not null, out Refusal? unproven);
        return Moving(() => AddProven(headers, proven, unproven, isLoad: true));
    }

    /// <summary>No more parts come. Where the chain was not loaded up to the work that it has, it goes.</summary>
    public void EndLoad() => Moving(() =>
    {
        HeaderNode? end = _loading;
        _loading = null;
        if (end is not null && !IsNeeded(end) && tree.Tips.Contains(end) && end.TotalWork < LeastWork())
        {
            Drop(end);
        }

        return true;
    });

    /// <summary>The end of a chain with more headers on top, every rule checked; nothing is kept.</summary>
    public Verdict<ChainHead> Check(ChainHead end, IReadOnlyList<BlockHeader> headers)
    {
        ArgumentNullException.ThrowIfNull(end);
        ArgumentNullException.ThrowIfNull(headers);
        return _checks.Follow(end, headers);
    }

    /// <summary>The connected chain has another tip.</summary>
    public void MoveTip(HeaderNode tip)
    {
        ArgumentNullException.ThrowIfNull(tip);
        Moving(() =>
        {
            _tip = tip;
            Choose();
            if (Parameters.Rounds.IsLastOfRound(tip.Height))
            {
                Prune();
            }

            return true;
        });
    }

    /// <summary>Rules a block and all on top of it out.</summary>
    public void MarkInvalid(HeaderNode node) => Moving(() =>
    {
        tree.MarkInvalid(node);
        Choose();
        return true;
    });

    /// <summary>Lets the node follow chains that contain a block, however deep they fork: the operator's choice.</summary>
    public void Accept(Hash256 block) => Moving(() =>
    {
        _accepted.Add(block);
        Choose();
        return true;
    });

    /// <summary>Why finality keeps the node from following a branch; null where it does not.</summary>
    public Refusal? CheckFinality(HeaderNode node)
    {
        lock (_gate)
        {
            return IsAllowed(node) ? null : Finality.Check(Parameters, _tip, node);
        }
    }

    /// <summary>Whether a block lies on the best header chain.</summary>
    public bool IsOnBest(HeaderNode node)
    {
        lock (_gate)
        {
            return HeaderTree.Leads(node, _best);
        }
    }

    /// <summary>Whether a block lies on the connected chain.</summary>
    public bool IsConnected(HeaderNode node)
    {
        lock (_gate)
        {
            return HeaderTree.Leads(node, _tip);
        }
    }

    /// <summary>Height at which the best header chain leaves the connected one; the tip's where it does not.</summary>
    public ulong ForkHeight
    {
        get
        {
            lock (_gate)
            {
                return HeaderTree.Fork(_tip, _best).Height;
            }
        }
    }

    /// <summary>The next block on the way from a block to the best header, from where the two chains part; null at the end.</summary>
    public HeaderNode? NextToBest(HeaderNode from)
    {
        lock (_gate)
        {
            return HeaderTree.AncestorAt(_best, HeaderTree.Fork(from, _best).Height + 1);
        }
    }

    public IReadOnlyList<Hash256> Locator()
    {
        lock (_gate)
        {
            return HeaderTree.Locator(_best);
        }
    }

    /// <summary>Headers of the connected chain after the first locator hash on it, up to a hash or a number.</summary>
    public IReadOnlyList<BlockHeader> After(IReadOnlyList<Hash256> locator, Hash256 stop, int most)
    {
        ArgumentNullException.ThrowIfNull(locator);
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        HeaderNode from;
        HeaderNode? last;
        lock (_gate)
        {
            from = locator.Select(tree.Find).FirstOrDefault(node => node is not null && HeaderTree.Leads(node, _tip)) ?? tree.Root;
            ulong end = Math.Min(_tip.Height, from.Height + (ulong)most);
            HeaderNode? stopsAt = tree.Find(stop);
            end = stopsAt is not null && stopsAt.Height > from.Height && HeaderTree.Leads(stopsAt, _tip) ? Math.Min(end, stopsAt.Height) : end;
            last = HeaderTree.AncestorAt(_tip, end);
        }

        return [.. HeaderTree.Between(from, last!).Select(node => node.Header)];
    }

    /// <summary>Blocks on the way from the connected chain to the best header, lowest first, that the node does not have.</summary>
    /// <param name="most">Most to name.</param>
    /// <param name="has">Whether the body is here.</param>
    public IReadOnlyList<WantedBlock> Wanted(int most, Func<HeaderNode, bool> has)
    {
        ArgumentNullException.ThrowIfNull(has);
        var wanted = new List<WantedBlock>();
        HeaderNode best;
        HeaderNode from;
        lock (_gate)
        {
            best = _best;
            from = HeaderTree.Fork(_tip, best);
        }

        // A window at a time: of a hundred thousand headers the lowest few are asked for.
        while (wanted.Count < most && !ReferenceEquals(from, best))
        {
            HeaderNode end = HeaderTree.AncestorAt(best, Math.Min(best.Height, from.Height + (ulong)Math.Max(most, Window)))!;
            wanted.AddRange(HeaderTree.Between(from, end).Where(node => !has(node)).Take(most - wanted.Count).Select(node => new WantedBlock(node.Hash, node.Height)));
            from = end;
        }

        return wanted;
    }

    private static HeaderTip? TipOf(HeaderNode? node) => node is null ? null : new HeaderTip(node.Hash, node.Height, node.TotalWork);

    /// <summary>Changes something under the lock, and tells after it where that gave another best chain.</summary>
    private T Moving<T>(Func<T> change)
    {
        bool moved;
        T result;
        lock (_gate)
        {
            HeaderNode before = _best;
            result = change();
            moved = !ReferenceEquals(before, _best);
        }

        if (moved)
        {
            BestMoved?.Invoke();
        }

        return result;
    }

    private HeaderBatch AddProven(IReadOnlyList<BlockHeader> headers, int proven, Refusal? unproven, bool isLoad)
    {
        int added = 0;
        HeaderNode? last = null;
        Refusal? refusal = null;
        for (int i = 0; i < proven && refusal is null; i++)
        {
            bool isNew = tree.Find(headers[i].Hash) is null;
            if (AddChecked(headers[i]).TryGet(out HeaderNode? node, out refusal))
            {
                added += isNew ? 1 : 0;
                last = node;
            }
        }

        // Room is made once all are here: a chain is weighed at its end, not at its first header.
        _loading = isLoad && last is not null ? last : _loading;
        return last is not null && MakeRoom(last) is { } tooLittle ? new HeaderBatch(0, null, tooLittle) : new HeaderBatch(added, TipOf(last), refusal ?? unproven);
    }

    /// <summary>
    /// Null where what is new of the headers makes a chain with enough work to be kept, or is refused for something else. Each header's
    /// own work is checked, but one that does not follow the one before adds nothing: it may be a copy of another chain's.
    /// </summary>
    private Refusal? CheckWork(IReadOnlyList<BlockHeader> headers, int proven)
    {
        int first = 0;
        while (first < proven && tree.Find(headers[first].Hash) is not null)
        {
            first++;
        }

        if (first == proven || tree.Find(headers[first].ParentHash) is not { IsInvalid: false } parent)
        {
            return null;
        }

        UInt256 work = parent.TotalWork + Work.Of(headers[first].Target);
        for (int i = first + 1; i < proven && headers[i].ParentHash == headers[i - 1].Hash; i++)
        {
            work += Work.Of(headers[i].Target);
        }

        return work < LeastWork()
            ? new Refusal(RefusalKind.Header, HeaderTokens.WorkTooLow, "The header's chain has less work than the best had a round ago: it is not kept before it has more than the best.")
            : null;
    }

    /// <summary>A branch with less work is not kept: so much as the best chain had a round ago, as its last block's work goes.</summary>
    private UInt256 LeastWork()
    {
        UInt256 round = _best.Parent is { } below ? (_best.TotalWork - below.TotalWork) * Parameters.Rounds.Length : UInt256.Zero;
        return _best.TotalWork > round ? _best.TotalWork - round : UInt256.Zero;
    }

    private Verdict<HeaderNode> AddChecked(BlockHeader header)
    {
        if (tree.Find(header.Hash) is { } known)
        {
            return known;
        }

        if (!tree.AddProven(header).TryGet(out HeaderNode? node, out Refusal? refusal))
        {
            return refusal;
        }

        if (_checks.CheckClock(header) is { } early)
        {
            tree.Remove(node);
            return early;
        }

        _newest = node;
        if (IsBetter(node, _best))
        {
            if (IsAllowed(node))
            {
                _best = node;
            }
            else if (_keptOut is null || node.Beats(_keptOut))
            {
                KeepOut(node);
            }
        }

        return node;
    }

    // Ties go to the chain whose blocks are connected.
    private bool IsBetter(HeaderNode candidate, HeaderNode than) =>
        ReferenceEquals(than, _tip) ? candidate.TotalWork > than.TotalWork : candidate.Beats(than);

    /// <summary>What was accepted and is connected has served: a fork above it has to pass finality again.</summary>
    private bool IsAllowed(HeaderNode node) =>
        Finality.SettledRoundsUndone(_tip, node) <= Parameters.FinalityRounds
        || _accepted.Any(hash => tree.Find(hash) is { } accepted && !HeaderTree.Leads(accepted, _tip)
            && (HeaderTree.Leads(accepted, node) || HeaderTree.Leads(node, accepted)));

    private void Choose()
    {
        HeaderNode best = _tip;
        HeaderNode? keptOut = null;
        foreach (HeaderNode end in tree.Tips)
        {
            if (IsAllowed(end))
            {
                best = IsBetter(end, best) ? end : best;
            }
            else if (end.TotalWork > _tip.TotalWork && (keptOut is null || end.Beats(keptOut)))
            {
                keptOut = end;
            }
        }

        _best = best;
        KeepOut(keptOut is not null && IsBetter(keptOut, best) ? keptOut : null);
    }

    private void KeepOut(HeaderNode? node)
    {
        FinalityConflict? before = _conflict;
        _keptOut = node;
        if (node is null)
        {
            _conflict = null;
            return;
        }

        ulong undone = Finality.SettledRoundsUndone(_tip, node);
        ulong fork = HeaderTree.Fork(_tip, node).Height;
        _conflict = new FinalityConflict(new HeaderTip(node.Hash, node.Height, node.TotalWork), fork, undone);
        if (before is null || before.ForkHeight != fork || before.SettledRoundsUndone != undone)
        {
            log.ChainKeptOut(node.Hash.ToString(), node.Height, fork, undone, Parameters.FinalityRounds);
        }
    }

    /// <summary>
    /// Bounds what peers can make the node keep beside the best chain: the branch with the least work goes. One whole other chain has
    /// room, so that two that take turns are not loaded again and again; what is being loaded stays, however long it is.
    /// </summary>
    private Refusal? MakeRoom(HeaderNode added)
    {
        while ((ulong)tree.Count > MostBeside + (2 * (_best.Height - tree.Root.Height)) + 1)
        {
            HeaderNode? weakest = null;
            foreach (HeaderNode end in tree.Tips)
            {
                if (!IsNeeded(end) && (weakest is null || weakest.Beats(end)))
                {
                    weakest = end;
                }
            }

            if (weakest is null)
            {
                return null;
            }

            Drop(weakest);
            if (tree.Find(added.Hash) is null)
            {
                return new Refusal(
                    RefusalKind.Header, HeaderTokens.WorkTooLow, "The header's chain has less work than every other that the node keeps, and there is no more room.");
            }
        }

        return null;
    }

    private bool IsNeeded(HeaderNode end) => ReferenceEquals(end, _best) || ReferenceEquals(end, _tip) || ReferenceEquals(end, _keptOut) || ReferenceEquals(end, _loading);

    /// <summary>Removes a branch down to where another leaves it.</summary>
    private void Drop(HeaderNode end)
    {
        HeaderNode lowest = end;
        while (lowest.Parent is { Parent: not null } below && !below.IsBranching && !HeaderTree.Leads(below, _best) && !HeaderTree.Leads(below, _tip))
        {
            lowest = below;
        }

        tree.Remove(lowest);
    }

    /// <summary>Lets go of branches below finality that have less work and did not grow for a round.</summary>
    private void Prune()
    {
        foreach (HeaderNode end in tree.Tips.ToList())
        {
            if (!IsNeeded(end) && end.TotalWork <= _tip.TotalWork && !IsAllowed(end) && (_staleBefore is not null && end.IsOlderThan(_staleBefore)))
            {
                Drop(end);
            }
        }

        _staleBefore = _newest;
    }
}
