using Basilisk.Chain.Blocks;
using Basilisk.Chain.Forks;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.ProofOfWork;
using Basilisk.Chain.State;
using Basilisk.Chain.Validation;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Peers;
using Basilisk.Node.Snapshots;
using Basilisk.Node.Tests.Support;
using Basilisk.Store;
using Basilisk.Store.Memory;
using Microsoft.Extensions.Logging.Abstractions;

namespace Basilisk.Node.Tests.Snapshots;

/// <summary>An empty chain that knows headers, on a store of its own; a node is started on that store afterwards.</summary>
internal sealed class SnapshotTarget : ISnapshotChain
{
    private readonly HeaderTree _headers;
    private readonly ChainFacts _facts;

    public SnapshotTarget(IEnumerable<BlockHeader> headers, IStore? store = null)
    {
        Rules = new ChainRules(TestNetwork.Instance.Parameters, new KeccakProofOfWork());
        _facts = new ChainFacts(Parameters, TestNetwork.Instance.Artefacts.HoldoutBytesPerToken);
        _headers = new HeaderTree(Rules, ChainState.Genesis(Parameters).Head);
        foreach (BlockHeader header in headers)
        {
            _ = _headers.Add(header).Value;
        }

        Store = store ?? new MemoryStore();
    }

    public ChainRules Rules { get; }

    public IStore Store { get; }

    public NetworkParameters Parameters => TestNetwork.Instance.Parameters;

    public bool IsEmpty { get; private set; } = true;

    public HeaderTip BestHeader => new(_headers.Best.Hash, _headers.Best.Height, _headers.Best.TotalWork);

    public IReadOnlyList<BlockHeader> BestHeaders(Hash256 block, int most)
    {
        if (_headers.Find(block) is not { } node || HeaderTree.AncestorAt(_headers.Best, node.Height) != node)
        {
            return [];
        }

        var headers = new List<BlockHeader>();
        for (HeaderNode? at = node; at is not null && headers.Count < most; at = at.Parent)
        {
            headers.Insert(0, at.Header);
        }

        return headers;
    }

    /// <summary>Writes the log's first event, so that the next append is the installation.</summary>
    public Task OpenAsync() => new ChainLog(Store.Events, Parameters, _facts).OpenAsync(CancellationToken.None);

    public async Task<bool> InstallAsync(SnapshotContent content, CancellationToken cancellation)
    {
        HeaderNode node = _headers.Find(content.Block.Hash)!;
        var log = new ChainLog(Store.Events, Parameters, _facts);
        await log.OpenAsync(cancellation);
        await log.InstallAsync(content, SnapshotViews.Of(Parameters, node.Head, content), [.. BestHeaders(node.Hash, int.MaxValue).Skip(1)], NullLogger.Instance, cancellation);
        IsEmpty = false;
        return true;
    }
}
