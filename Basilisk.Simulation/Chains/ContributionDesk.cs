using Basilisk.Chain.Assembly;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Rounds;
using Basilisk.Chain.Signatures;
using Basilisk.Chain.State;
using Basilisk.Chain.Transactions;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Payloads;
using Basilisk.Model.Training;
using Basilisk.Simulation.World;

namespace Basilisk.Simulation.Chains;

/// <summary>One participant's contributions: trains for his units when their time has come, and signs the commits and reveals the chain lacks.</summary>
internal sealed class ContributionDesk : IDisposable
{
    private readonly SmallNetwork _world;
    private readonly SettlementBook _book;
    private readonly ChainSettings _settings;
    private readonly PrivateKey _key;
    private readonly TrainingHabit _habit;
    private readonly Participant? _trainer;
    private readonly List<Contribution> _made = [];
    private readonly Dictionary<(ulong Nonce, ProtocolCall Call), CandidateTransaction> _signed = [];

    public ContributionDesk(SmallNetwork world, SettlementBook book, ChainSettings settings, PrivateKey key, TrainingHabit habit)
    {
        (_world, _book, _settings, _key, _habit) = (world, book, settings, key, habit);
        var options = new TrainerOptions { PeakLearningRate = settings.LearningRate, WarmupSteps = 0 };
        _trainer = habit.UnitsPerRound > 0 ? new Participant(world, options, settings.BatchSequences) : null;
    }

    private RoundSchedule Rounds => _settings.Rounds;

    /// <summary>Trains what is due after a tip, and returns the calls that the next blocks should take.</summary>
    public IReadOnlyList<CandidateTransaction> CallsAfter(ChainState tip)
    {
        if (_trainer is null)
        {
            return [];
        }

        _made.RemoveAll(contribution => contribution.Round + _settings.FinalityRounds + 2 < tip.NextRound);
        if (Rounds.PhaseOf(tip.Height + 1) == RoundPhase.Train)
        {
            Train(tip, _trainer);
        }

        return Sign(tip, [.. _made.Where(contribution => contribution.Round == tip.NextRound && contribution.ModelRoot == tip.ModelRoot).Select(contribution => CallFor(tip, contribution)).OfType<Call>()]);
    }

    public void Dispose()
    {
        _trainer?.Dispose();
        _key.Dispose();
    }

    private void Train(ChainState tip, Participant trainer)
    {
        if (_habit.Hoards)
        {
            Pour(tip, trainer);
            return;
        }

        // Fractions carry over: 1.5 units a round are 1 and 2 in turn.
        int ofRound = (int)(Math.Floor(_habit.UnitsPerRound * (tip.NextRound + 1)) - Math.Floor(_habit.UnitsPerRound * tip.NextRound));
        while (TrainingHabit.IsDue(Rounds, tip.Height + 1, MadeIn(tip), ofRound) && OpenUnits(tip).FirstOrDefault() is { } unit)
        {
            Make(tip, [unit], trainer, _settings.StepsPerUnit);
        }
    }

    /// <summary>Commits all saved units in the round's first blocks, once they fill a round.</summary>
    private void Pour(ChainState tip, Participant trainer)
    {
        bool first = Rounds.PositionOf(tip.Height + 1) == 0;
        WorkUnit[] saved = [.. OpenUnits(tip)];
        if (first && saved.Length >= _settings.Places && MadeIn(tip) == 0)
        {
            Make(tip, saved, trainer, (int)(_settings.StepsPerUnit * _habit.UnitsPerRound));
        }
    }

    private void Make(ChainState tip, IReadOnlyList<WorkUnit> units, Participant trainer, int steps)
    {
        SparseDelta delta = trainer.Contribute(_book.Checkpoint(tip.ModelRoot), units[0].Id, steps);
        if (delta.Count == 0)
        {
            return;
        }

        byte[] payload = PayloadCodec.Encode(delta, _world.Payload);
        Hash256 hash = _book.Add(payload);
        foreach (WorkUnit unit in units)
        {
            // A salt must be secret and different; in a simulation nobody looks, and the unit's own hash will do.
            Hash256 commitment = Commitment.Of(payload, unit.Id, _key.Address, tip.ModelRoot);
            _made.Add(new Contribution(unit.Id, tip.NextRound, tip.ModelRoot, hash, commitment));
        }
    }

    private int MadeIn(ChainState tip) => _made.Count(contribution => contribution.Round == tip.NextRound && contribution.ModelRoot == tip.ModelRoot);

    /// <summary>His units that can still be committed, oldest first.</summary>
    private IEnumerable<WorkUnit> OpenUnits(ChainState tip)
    {
        ulong first = Rounds.FirstHeightOf(tip.NextRound + 1 >= Rounds.UnitLifetime ? tip.NextRound + 1 - Rounds.UnitLifetime : 0);
        for (ulong height = first; height < tip.Height; height++)
        {
            if (tip.UnitAt(height) is { Status: UnitStatus.Open } unit && unit.Miner == _key.Address && _made.All(contribution => contribution.Unit != unit.Id || contribution.Round != tip.NextRound))
            {
                yield return unit;
            }
        }
    }

    private Call? CallFor(ChainState tip, Contribution contribution)
    {
        RoundPhase phase = Rounds.PhaseOf(tip.Height + 1);
        return tip.Unit(contribution.Unit)?.Status switch
        {
            UnitStatus.Open when phase == RoundPhase.Train => new Call(new CommitCall(contribution.Unit, contribution.Commitment), null),
            UnitStatus.Committed when phase == RoundPhase.Reveal && _habit.Reveals =>
                new Call(new RevealCall(contribution.Unit, contribution.PayloadHash, contribution.Unit), _book.GetPayload(contribution.PayloadHash)),
            _ => null,
        };
    }

    private List<CandidateTransaction> Sign(ChainState tip, IReadOnlyList<Call> calls)
    {
        ulong nonce = tip.Account(_key.Address).Nonce;
        var signed = new List<CandidateTransaction>();
        foreach (Call call in calls)
        {
            if (!_signed.TryGetValue((nonce, call.What), out CandidateTransaction? candidate))
            {
                byte[] data = call.What.Encode();
                UnsignedTransaction body = UnsignedTransaction.DynamicFee(
                    tip.Parameters.ChainId, nonce, UInt256.Zero, UInt256.Zero, IntrinsicGas.Of(data, []), ProtocolCall.Address, UInt256.Zero, data);
                candidate = new CandidateTransaction(body.Sign(_key), call.Payload);
                _signed.Add((nonce, call.What), candidate);
            }

            signed.Add(candidate);
            nonce++;
        }

        return signed;
    }

    private sealed record Contribution(Hash256 Unit, ulong Round, Hash256 ModelRoot, Hash256 PayloadHash, Hash256 Commitment);

    private sealed record Call(ProtocolCall What, ReadOnlyMemory<byte>? Payload);
}
