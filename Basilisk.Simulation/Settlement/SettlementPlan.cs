using Basilisk.Exact.Payloads;
using Basilisk.Model.Training;
using Basilisk.Simulation.World;

namespace Basilisk.Simulation.Settlement;

/// <summary>What a study of settlement attacks runs: how long, with how many, how hard they work.</summary>
public sealed record SettlementPlan
{
    /// <summary>Sizes of model and judging, with the dev network's payloads of 1,024 entries per chunk.</summary>
    public SmallNetworkOptions Network { get; init; } = new() { Payload = new PayloadLimits(entriesPerChunk: 1024, levelBits: 4) };

    /// <summary>Honest participants, equal in work and hash power.</summary>
    public int Honest { get; init; } = 6;

    /// <summary>Rounds of the honest trajectory.</summary>
    public int Rounds { get; init; } = 24;

    /// <summary>Optimiser steps behind an honest contribution.</summary>
    public int StepsPerUnit { get; init; } = 16;

    /// <summary>Windows of T tokens per step.</summary>
    public int BatchSequences { get; init; } = 4;

    /// <summary>The first round that is settled again with the attacker in it.</summary>
    public int FirstAttack { get; init; } = 5;

    /// <summary>Rounds from one attacked round to the next.</summary>
    public int AttackEvery { get; init; } = 6;

    /// <summary>Rounds of the trajectory with emptied rounds.</summary>
    public int EmptyRounds { get; init; } = 16;

    /// <summary>Rounds of that trajectory, from the last emptied one in a row to the last of the next row.</summary>
    public int EmptyEvery { get; init; } = 5;

    /// <summary>Largest learning rate; it falls to a tenth over the run.</summary>
    public double PeakLearningRate { get; init; } = 4e-3;

    /// <summary>Independent runs at once.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Rounds in which attackers are put, in order.</summary>
    public IEnumerable<int> AttackedRounds
    {
        get
        {
            for (int round = FirstAttack; round < Rounds; round += AttackEvery)
            {
                yield return round;
            }
        }
    }

    /// <summary>Whether the round is emptied in the trajectory for attacks after so many empty rounds in a row.</summary>
    internal bool IsEmptied(int round, int inARow) => EmptyEvery - 2 - (round % EmptyEvery) is var before && before >= 0 && before < inARow;

    /// <summary>Whether it is the first of them.</summary>
    internal bool IsFirstEmptied(int round, int inARow) => round % EmptyEvery == EmptyEvery - 1 - inARow;

    /// <summary>
    /// How somebody learns who makes this share of an honest unit's steps: the learning rate follows the rounds, so that less work is
    /// less work and not an earlier time.
    /// </summary>
    internal TrainerOptions Trainer(double share)
    {
        int steps = Math.Max(4, (int)(Rounds * StepsPerUnit * share));
        return new TrainerOptions { PeakLearningRate = PeakLearningRate, WarmupSteps = steps / 12, DecaySteps = steps };
    }
}
