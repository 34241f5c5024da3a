using Basilisk.Exact.Hashing;
using Basilisk.Node.Chainstate;
using Xunit;

namespace Basilisk.Node.Tests.Chainstate;

/// <summary>What judging remembers of past rounds: the last one's payloads, and an older one's only while nothing came of it.</summary>
public sealed class RoundTrailTests
{
    [Fact]
    public void Payloads_of_a_round_that_moved_the_model_are_forgotten_once_the_next_has_ended()
    {
        RoundTrail trail = RoundTrail.Start.Push(Round(0, model: 0)).Push(Round(1, model: 1));
        Assert.Equal([Payload(1)], trail.PastPayloads);
        Assert.Equal([1, 0], trail.Ended.Select(round => (int)round.Round));
        Assert.Empty(trail.Ended[1].Payloads);
    }

    [Fact]
    public void Payloads_of_a_round_that_moved_nothing_are_remembered_for_eight_rounds()
    {
        RoundTrail trail = RoundTrail.Start.Push(Round(0, model: 0)).Push(Round(1, model: 0));
        for (ulong round = 2; round <= 7; round++)
        {
            trail = trail.Push(Round(round, model: round));
            Assert.Equal([Payload(round), Payload(0)], trail.PastPayloads);
        }

        // Round 1 moved the model to what round 2 began with.
        Assert.Equal([Payload(8)], trail.Push(Round(8, model: 8)).PastPayloads);
    }

    [Fact]
    public void Two_empty_rounds_are_both_remembered()
    {
        RoundTrail trail = RoundTrail.Start.Push(Round(0, model: 0)).Push(Round(1, model: 0)).Push(Round(2, model: 0)).Push(Round(3, model: 3));
        Assert.Equal([Payload(3), Payload(1), Payload(0)], trail.PastPayloads);
    }

    private static EndedRound Round(ulong number, ulong model) => new(number, Root(model), [Payload(number)]);

    private static Hash256 Root(ulong model) => Named("model", model);

    private static Hash256 Payload(ulong round) => Named("payload", round);

    private static Hash256 Named(string kind, ulong number) => new(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes($"{kind} {number}")));
}
