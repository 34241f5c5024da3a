using Basilisk.Chain.Rounds;
using Basilisk.Chain.State;

namespace Basilisk.Chain.Settlement;

/// <summary>
/// What every result must satisfy whatever the judge measured. An outcome comes from the node's own judge, not from a
/// peer: one that breaks these is a defect, and stops the node instead of moving money.
/// </summary>
internal static class OutcomeInvariants
{
    /// <param name="parent">The state under the round's last block.</param>
    /// <param name="outcome">The round's result.</param>
    /// <exception cref="ArgumentException">The outcome is missing or breaks an invariant.</exception>
    public static void Require(ChainState parent, RoundOutcome? outcome)
    {
        ulong round = parent.NextRound;
        if (outcome is null)
        {
            throw new ArgumentException($"Block {parent.Height + 1} ends round {round}: judge the round first and pass its outcome.", nameof(outcome));
        }

        Demand(outcome.Round == round, $"it is of round {outcome.Round}, the chain ends round {round}");
        Demand(outcome.ModelRoot == parent.ModelRoot, $"it judges checkpoint {outcome.ModelRoot}, in force is {parent.ModelRoot}");
        Demand(outcome.EvaluationSeed == EvaluationSeed.Known(parent), "its evaluation seed is not the round's");
        RequireContributions(parent, outcome);
        RequireCredits(outcome);
    }

    private static void RequireContributions(ChainState parent, RoundOutcome outcome)
    {
        WorkUnit[] reveals = [.. parent.Reveals().OrderBy(unit => unit.Id)];
        Demand(reveals.Length == outcome.Contributions.Length, $"it has {outcome.Contributions.Length} contributions, the round {reveals.Length}");
        for (int i = 0; i < reveals.Length; i++)
        {
            ContributionOutcome contribution = outcome.Contributions[i];
            Demand(contribution.Unit == reveals[i].Id && contribution.Miner == reveals[i].Miner, $"contribution {i} is not unit {reveals[i].Id} of {reveals[i].Miner}");
        }
    }

    private static void RequireCredits(RoundOutcome outcome)
    {
        Int128 sum = 0;
        foreach (ContributionOutcome contribution in outcome.Contributions)
        {
            Demand(contribution.Credit >= 0, $"the credit of {contribution.Unit} is negative");
            sum += contribution.Credit;
        }

        Int128 due = outcome.Pays ? outcome.Gain : 0;
        Demand(sum == due, $"its credits sum to {sum}, not to {due}");
        if (outcome.Settled)
        {
            Demand(outcome.Gain > 0, "it is settled without a gain");
        }
        else
        {
            Demand(outcome.NextModelRoot == outcome.ModelRoot, "it is empty and moves the model");
        }
    }

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ArgumentException($"The round's outcome cannot be right: {otherwise}.");
        }
    }
}
