using Basilisk.Chain.Blocks;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.State;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Chainstate;

namespace Basilisk.Node.Peers;

/// <summary>A header chain's end.</summary>
public readonly record struct HeaderTip(Hash256 Hash, ulong Height, UInt256 TotalWork);

/// <summary>What became of a batch of headers, taken in order.</summary>
/// <param name="New">Headers that were not known before.</param>
/// <param name="Last">End of the batch's chain as far as it was taken; null where the first header was refused.</param>
/// <param name="Refusal">Why the rest was not taken; null where all were. <c>header-orphan</c> asks for what lies before.</param>
public sealed record HeaderBatch(int New, HeaderTip? Last, Refusal? Refusal);

/// <summary>A body that the node should get, on the way to the header chain with the most work.</summary>
public readonly record struct WantedBlock(Hash256 Hash, ulong Height);

/// <summary>A chain with more work that rolling finality keeps the node from following.</summary>
/// <param name="Other">End of the other chain's headers.</param>
/// <param name="ForkHeight">Last height both chains share.</param>
/// <param name="SettledRoundsUndone">Settled rounds that following it would undo.</param>
public sealed record FinalityConflict(HeaderTip Other, ulong ForkHeight, ulong SettledRoundsUndone);

/// <summary>The chain as conversations with peers see it. Thread-safe; nothing waits for a round to be judged.</summary>
public interface IPeerChain
{
    NetworkParameters Parameters { get; }

    /// <summary>The chain whose blocks are connected.</summary>
    ChainView Current { get; }

    /// <summary>The header chain with the most work that the node may follow; ahead of <see cref="Current"/> while bodies are missing.</summary>
    HeaderTip BestHeader { get; }

    /// <summary>The chain with more work that finality keeps out; null where there is none.</summary>
    FinalityConflict? Conflict { get; }

    /// <summary>Hashes that tell a peer where <see cref="BestHeader"/>'s chain is: dense near its end, sparse below, genesis last.</summary>
    IReadOnlyList<Hash256> Locator();

    bool HasHeader(Hash256 hash);

    /// <summary>The chain up to a header, as the rules of the next one need it; null where the header is not known.</summary>
    ChainHead? HeadOf(Hash256 hash);

    /// <summary>Whether the block is connected, or waits only for its parent or for its round to be judged.</summary>
    bool HasBody(Hash256 hash);

    /// <summary>Headers of the connected chain after the first locator hash on it (genesis where none is), up to a hash or a number.</summary>
    IReadOnlyList<BlockHeader> HeadersAfter(IReadOnlyList<Hash256> locator, Hash256 stop, int most);

    /// <summary>Checks headers (work first, then the header rules, then the clock) and adds them to the tree, where their chain has enough work.</summary>
    Task<HeaderBatch> AddHeadersAsync(IReadOnlyList<BlockHeader> headers, CancellationToken cancellation);

    /// <summary>Checks headers on the end of a chain as <see cref="AddHeadersAsync"/> does, and keeps none.</summary>
    /// <returns>The chain's end with them on top.</returns>
    Task<Verdict<ChainHead>> CheckHeadersAsync(ChainHead end, IReadOnlyList<BlockHeader> headers, CancellationToken cancellation);

    /// <summary>Adds the next part of a chain that has shown more work than the best one, whatever work the part itself has.</summary>
    Task<HeaderBatch> LoadHeadersAsync(IReadOnlyList<BlockHeader> headers, CancellationToken cancellation);

    /// <summary>No more parts come: what was loaded has to stand by the work that it has.</summary>
    void EndLoad();

    /// <summary>Bodies missing between the connected chain and <see cref="BestHeader"/>, lowest first.</summary>
    IReadOnlyList<WantedBlock> Wanted(int most);

    /// <summary>Hands in a block whose header may or may not be known. Completes when it is connected, parked beside the best chain, or refused.</summary>
    Task<BlockSubmission> SubmitAsync(Block block, CancellationToken cancellation);

    /// <summary>An encoded block (<see cref="BlockCodec"/>) of any chain held; null where the node does not have it, has not checked it, or not its payloads any more.</summary>
    Task<ReadOnlyMemory<byte>?> ReadBlockAsync(Hash256 hash, CancellationToken cancellation);

    /// <summary>A checked block held in memory (recent, or beside the best chain); null otherwise.</summary>
    Block? FindRecent(Hash256 hash);

    /// <summary>Calls back after each move of the tip, on the writer's thread; the callback must not wait.</summary>
    IDisposable Subscribe(Action<ChainChange> callback);
}
