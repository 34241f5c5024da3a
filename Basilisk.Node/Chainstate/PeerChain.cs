using Basilisk.Chain.Blocks;
using Basilisk.Chain.Forks;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.State;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Peers;

namespace Basilisk.Node.Chainstate;

/// <summary>The chain as conversations with peers see it: headers under their own lock, blocks through the writer's queue.</summary>
public sealed class PeerChain(ChainstateService chainstate) : IPeerChain
{
    public NetworkParameters Parameters => chainstate.Parameters;

    public ChainView Current => chainstate.Current;

    public HeaderTip BestHeader
    {
        get
        {
            HeaderNode best = chainstate.Headers.Best;
            return new HeaderTip(best.Hash, best.Height, best.TotalWork);
        }
    }

    public FinalityConflict? Conflict => chainstate.Headers.Conflict;

    public IReadOnlyList<Hash256> Locator() => chainstate.Headers.Locator();

    public bool HasHeader(Hash256 hash) => chainstate.Headers.Find(hash) is not null;

    public ChainHead? HeadOf(Hash256 hash) => chainstate.Headers.Find(hash)?.Head;

    public bool HasBody(Hash256 hash) => chainstate.Headers.Find(hash) is { } node && chainstate.HasBody(node);

    public IReadOnlyList<BlockHeader> HeadersAfter(IReadOnlyList<Hash256> locator, Hash256 stop, int most) => chainstate.Headers.After(locator, stop, most);

    public Task<HeaderBatch> AddHeadersAsync(IReadOnlyList<BlockHeader> headers, CancellationToken cancellation) =>
        Task.Run(() => chainstate.Headers.Add(headers), cancellation);

    public Task<Verdict<ChainHead>> CheckHeadersAsync(ChainHead end, IReadOnlyList<BlockHeader> headers, CancellationToken cancellation) =>
        Task.Run(() => chainstate.Headers.Check(end, headers), cancellation);

    public Task<HeaderBatch> LoadHeadersAsync(IReadOnlyList<BlockHeader> headers, CancellationToken cancellation) =>
        Task.Run(() => chainstate.Headers.Load(headers), cancellation);

    public void EndLoad() => chainstate.Headers.EndLoad();

    public IReadOnlyList<WantedBlock> Wanted(int most) => chainstate.Headers.Wanted(most, chainstate.HasBody);

    public Task<BlockSubmission> SubmitAsync(Block block, CancellationToken cancellation) => chainstate.OfferAsync(block, cancellation);

    public Task<ReadOnlyMemory<byte>?> ReadBlockAsync(Hash256 hash, CancellationToken cancellation) => chainstate.ReadBlockAsync(hash, cancellation);

    public Block? FindRecent(Hash256 hash) => chainstate.FindRecent(hash);

    public IDisposable Subscribe(Action<ChainChange> callback) => chainstate.Subscribe(callback);
}
