using Basilisk.Chain.Blocks;
using Basilisk.Chain.Parameters;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.State;

/// <summary>
/// A chain's state at one block: its tip and every entry. Immutable, safe to read from any thread, and cheap to keep:
/// a snapshot shares all that did not change with its neighbours.
/// </summary>
public sealed class ChainState : StateView
{
    /// <param name="parameters">The network.</param>
    /// <param name="head">The block the state belongs to.</param>
    /// <param name="entries">Its entries.</param>
    /// <exception cref="ArgumentException">The entries' root is not the one in the header.</exception>
    public ChainState(NetworkParameters parameters, ChainHead head, StateTree entries)
        : base(entries)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(head);
        if (entries.Root != head.Header.StateRoot)
        {
            throw new ArgumentException($"The entries' root {entries.Root} is not the state root {head.Header.StateRoot} of block {head.Height}.", nameof(entries));
        }

        Parameters = parameters;
        Head = head;
        Entries = entries;
    }

    public NetworkParameters Parameters { get; }

    /// <summary>The tip.</summary>
    public ChainHead Head { get; }

    /// <summary>Every entry, with <see cref="StateTree.Prove"/> for light clients and <see cref="StateTree.Entries"/> for export.</summary>
    public StateTree Entries { get; }

    public ulong Height => Head.Height;

    /// <summary>State root of the tip.</summary>
    public Hash256 Root => Entries.Root;

    /// <summary>Checkpoint in force for the next block.</summary>
    public Hash256 ModelRoot => Head.Header.ModelRoot;

    /// <summary>Round of the next block.</summary>
    public ulong NextRound => Parameters.Rounds.RoundOf(Height + 1);

    /// <summary>The state of the genesis block.</summary>
    public static ChainState Genesis(NetworkParameters parameters) => GenesisBlock.CreateState(parameters);
}
