using System.Diagnostics;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Rounds;
using Basilisk.Chain.State;
using Basilisk.Chain.Transactions;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.Validation.State;

/// <summary>Commits and reveals (protocol §4): who may send which when, and what it does to the unit.</summary>
internal sealed class ContributionRules(BlockContext block, StateEditor state)
{
    /// <summary>Null where the call may be made, or there is none.</summary>
    public Refusal? Check(Address sender, ProtocolCall? call, ReadOnlyMemory<byte>? payload) => call switch
    {
        null => null,
        CommitCall commit => CheckCommit(sender, commit),
        RevealCall reveal => CheckReveal(sender, reveal, payload),
        _ => throw new UnreachableException(),
    };

    /// <summary>The unit after the call; null where there is none.</summary>
    public WorkUnit? Apply(ProtocolCall? call, uint payloadBytes)
    {
        switch (call)
        {
            case CommitCall commit:
                return Apply(commit);
            case RevealCall reveal:
                return Apply(reveal, payloadBytes);
            default:
                return null;
        }
    }

    private Refusal? CheckCommit(Address sender, CommitCall commit)
    {
        if (block.Phase != RoundPhase.Train)
        {
            return Refuse(Tokens.CommitOutsidePhase, "Commitments belong to the train phase.", (long)block.Height);
        }

        if (CheckUnit(sender, commit.Unit, out WorkUnit? unit) is { } refusal)
        {
            return refusal;
        }

        return unit!.Status == UnitStatus.Open
            ? null
            : Refuse(Tokens.CommitUnitNotOpen, $"The unit is {unit.Status}: one contribution per unit.");
    }

    private Refusal? CheckReveal(Address sender, RevealCall reveal, ReadOnlyMemory<byte>? payload)
    {
        if (block.Phase != RoundPhase.Reveal)
        {
            return Refuse(Tokens.RevealOutsidePhase, "Reveals belong to the reveal phase.", (long)block.Height);
        }

        if (CheckUnit(sender, reveal.Unit, out WorkUnit? unit) is { } refusal)
        {
            return refusal;
        }

        if (unit!.Status == UnitStatus.Forfeited && unit.Round == block.Round)
        {
            // During the reveal phase only the draw has forfeited units of the round.
            return Refuse(Tokens.RevealWithoutPlace, "The unit drew no place in this round.", (long)state.Chain.Commits, block.Parameters.Caps.ContributionsPerRound);
        }

        if (unit.Status != UnitStatus.Committed || unit.Round != block.Round)
        {
            return Refuse(Tokens.RevealWithoutCommit, $"The unit is {unit.Status}; a commitment of this round must come first.");
        }

        return payload is { } bytes && Commitment.Of(bytes.Span, reveal.Salt, unit.Miner, block.ModelRoot) != unit.Commitment
            ? Refuse(Tokens.RevealCommitmentMismatch, "Payload, salt, miner and model root do not hash to the commitment.")
            : null;
    }

    private Refusal? CheckUnit(Address sender, Hash256 id, out WorkUnit? unit)
    {
        unit = state.Unit(id);
        if (unit is null)
        {
            return Refuse(Tokens.UnitUnknown, $"No living unit {id} on this chain.");
        }

        return unit.Miner == sender ? null : Refuse(Tokens.UnitNotOwned, $"The unit belongs to {unit.Miner}, not {sender}.");
    }

    private WorkUnit Apply(CommitCall commit)
    {
        WorkUnit unit = state.Unit(commit.Unit)! with
        {
            Status = UnitStatus.Committed,
            Round = block.Round,
            Commitment = commit.Commitment,
        };
        ChainRecord chain = state.Chain;
        state.Put(unit);
        state.PutCommit(chain.Commits, unit.Id);
        state.Put(chain with { Commits = chain.Commits + 1 });
        return unit;
    }

    private WorkUnit Apply(RevealCall reveal, uint payloadBytes)
    {
        WorkUnit unit = state.Unit(reveal.Unit)! with
        {
            Status = UnitStatus.Revealed,
            PayloadHash = reveal.PayloadHash,
            PayloadBytes = payloadBytes,
        };
        ChainRecord chain = state.Chain;
        state.Put(unit);
        state.PutReveal(chain.Reveals, unit.Id);
        state.Put(chain with { Reveals = chain.Reveals + 1 });
        return unit;
    }

    private static Refusal Refuse(string token, string detail, long? seen = null, long? allowed = null) =>
        new(RefusalKind.State, token, detail, seen, allowed);
}
