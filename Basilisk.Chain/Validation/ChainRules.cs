using System.Collections.Immutable;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.ProofOfWork;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Settlement;
using Basilisk.Chain.State;
using Basilisk.Chain.Validation.Header;
using Basilisk.Chain.Validation.Isolation;
using Basilisk.Chain.Validation.State;

namespace Basilisk.Chain.Validation;

/// <summary>
/// All rules of a network, cheapest first: isolation, header, state. A block's validity is a function of its bytes and
/// its ancestors; the clock rule (<see cref="HeaderRules.CheckClock"/>) is the caller's.
/// </summary>
public sealed class ChainRules
{
    /// <exception cref="UnsoundParametersException">A parameter is outside its bound; the message names all that are.</exception>
    /// <exception cref="ArgumentException">The proof of work is not the one the parameters name.</exception>
    public ChainRules(NetworkParameters parameters, IProofOfWork proofOfWork)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(proofOfWork);
        if (ParameterRules.Check(parameters) is { Count: > 0 } problems)
        {
            throw new UnsoundParametersException(parameters.Name, problems);
        }

        if (proofOfWork.Name != parameters.ProofOfWork)
        {
            throw new ArgumentException($"Network '{parameters.Name}' works with '{parameters.ProofOfWork}', not '{proofOfWork.Name}'.", nameof(proofOfWork));
        }

        Parameters = parameters;
        Isolation = new BlockIsolationRules(parameters, proofOfWork);
    }

    public NetworkParameters Parameters { get; }

    /// <summary>Rules that need nothing but the block.</summary>
    public BlockIsolationRules Isolation { get; }

    /// <summary>A header by itself and against its parent. Null where it passes.</summary>
    public Refusal? CheckHeader(ChainHead parent, BlockHeader header) =>
        Isolation.CheckHeader(header) ?? HeaderRules.Check(Parameters, parent, header);

    /// <summary>Whether the block after this tip is its round's last and needs the round's result.</summary>
    public bool NeedsOutcome(ChainState parent)
    {
        ArgumentNullException.ThrowIfNull(parent);
        return Parameters.Rounds.IsLastOfRound(parent.Height + 1);
    }

    /// <summary>Checks a block and computes all it does.</summary>
    /// <param name="parent">The state it stands on.</param>
    /// <param name="block">The block.</param>
    /// <param name="outcome">
    /// The round's result as this node computed it; needed where <see cref="NeedsOutcome"/>, otherwise ignored.
    /// </param>
    /// <returns>The connected block, or the first rule it breaks.</returns>
    /// <exception cref="ArgumentException">The outcome is missing or does not belong to the round.</exception>
    public Verdict<ConnectedBlock> Connect(ChainState parent, Block block, RoundOutcome? outcome)
    {
        ArgumentNullException.ThrowIfNull(parent);
        ArgumentNullException.ThrowIfNull(block);
        if (CheckHeader(parent.Head, block.Header) is { } headerRefusal)
        {
            return headerRefusal;
        }

        return Isolation.CheckBody(block) is { } bodyRefusal ? bodyRefusal : ConnectChecked(parent, block, outcome);
    }

    /// <summary>Takes the tip off again.</summary>
    /// <param name="state">A state whose tip the undo belongs to.</param>
    /// <param name="undo">From the block's connection.</param>
    /// <returns>Exactly the state before: same entries, same root.</returns>
    /// <exception cref="ArgumentException">The undo belongs to another block.</exception>
    public ChainState Disconnect(ChainState state, BlockUndo undo)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(undo);
        if (undo.BlockHash != state.Head.Hash)
        {
            throw new ArgumentException($"The undo is for block {undo.BlockHash}; the tip is {state.Head.Hash}.", nameof(undo));
        }

        StateTree entries = state.Entries;
        foreach (ReplacedEntry entry in undo.Replaced)
        {
            entries = entries.With(entry.Key, entry.Value);
        }

        return new ChainState(Parameters, undo.Parent, entries);
    }

    private Verdict<ConnectedBlock> ConnectChecked(ChainState parent, Block block, RoundOutcome? outcome)
    {
        BlockContext context = BlockContext.After(parent);
        var execution = new BlockExecution(parent, block.Header.Miner);
        int payload = 0;
        for (int i = 0; i < block.Transactions.Length; i++)
        {
            if (execution.Execute(block.Transactions[i], Next(block, i, ref payload)) is { } refusal)
            {
                return refusal;
            }
        }

        RoundEnd? roundEnd = execution.Finish(outcome);
        if (CheckRoots(parent, block.Header, roundEnd) is { } rootRefusal)
        {
            return rootRefusal;
        }

        (StateTree entries, ImmutableArray<ReplacedEntry> replaced) = execution.Editor.Finish();
        if (entries.Root != block.Header.StateRoot)
        {
            return Refuse(Tokens.StateRootMismatch, $"The state's root is {entries.Root}; the header says {block.Header.StateRoot}.");
        }

        var state = new ChainState(Parameters, parent.Head.Extend(block.Header, Parameters.Difficulty), entries);
        var undo = new BlockUndo(block.Hash, parent.Head, replaced);
        return new ConnectedBlock(
            block,
            state,
            undo,
            context.BaseFee,
            execution.Receipts,
            execution.Start.ParentUnit,
            execution.Start.WithoutPlace,
            roundEnd,
            execution.Editor.TouchedAccounts);
    }

    private static ReadOnlyMemory<byte>? Next(Block block, int index, ref int payload) =>
        Transactions.ProtocolCall.Read(block.Transactions[index]).Value is Transactions.RevealCall ? block.Payloads[payload++] : (ReadOnlyMemory<byte>?)null; // a bare null would become an empty payload

    private static Refusal? CheckRoots(ChainState parent, BlockHeader header, RoundEnd? roundEnd)
    {
        var model = roundEnd?.Outcome.NextModelRoot ?? parent.ModelRoot;
        if (header.ModelRoot != model)
        {
            return Refuse(Tokens.ModelRootMismatch, $"The checkpoint in force is {model}; the header says {header.ModelRoot}.");
        }

        var rounds = roundEnd?.Outcome.Hash ?? parent.Head.Header.RoundsRoot;
        return header.RoundsRoot == rounds
            ? null
            : Refuse(Tokens.RoundsRootMismatch, $"The last result is {rounds}; the header says {header.RoundsRoot}.");
    }

    private static Refusal Refuse(string token, string detail) => new(RefusalKind.State, token, detail);
}
