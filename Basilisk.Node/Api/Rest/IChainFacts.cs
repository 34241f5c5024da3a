using Basilisk.Node.Chainstate;

namespace Basilisk.Node.Api.Rest;

/// <summary>What the explorer needs to know of the tip beside the projections' documents.</summary>
public interface IChainFacts
{
    long Height { get; }

    /// <summary>Round of the next height.</summary>
    int Round { get; }

    /// <summary>All credit given so far, nats per token.</summary>
    double TotalCreditNats { get; }

    string PhaseOf(long height);

    long FirstHeightOf(int round);

    long LastHeightOf(int round);

    /// <summary>Units the address may still contribute to.</summary>
    int OpenUnits(string address);

    /// <summary>The account as the state at the tip has it.</summary>
    AccountFact Account(string address);

    /// <summary>Decimal wei of so many block rewards.</summary>
    string RewardOf(long blocks);
}
