using Basilisk.Chain.Assembly;
using Basilisk.Chain.Hashing;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Signatures;
using Basilisk.Chain.State;
using Basilisk.Chain.Tests.Support;
using Basilisk.Chain.Transactions;
using Basilisk.Chain.Validation;
using Basilisk.Chain.Validation.Isolation;
using Basilisk.Exact.Hashing;
using Xunit;

namespace Basilisk.Chain.Tests.Validation;

/// <summary>Units, commits and reveals. The test network: heights 0–3 of a round train, 4 reveals, 5 judges; units live 3 rounds.</summary>
public sealed class ContributionTests
{
    private readonly TestChain _chain = new();
    private readonly PrivateKey _miner = TestNetwork.Key(1);
    private readonly PrivateKey _other = TestNetwork.Key(2);

    [Fact]
    public void A_block_draws_a_unit_that_the_next_block_records()
    {
        ConnectedBlock first = _chain.Mine(_miner.Address);
        Assert.Null(first.ParentUnit);
        Assert.Null(_chain.State.Unit(first.Block.Hash));
        ConnectedBlock second = _chain.Mine(_other.Address);
        Assert.Equal(WorkUnit.Drawn(first.Block.Hash, 1, _miner.Address), second.ParentUnit);
        Assert.Equal(second.ParentUnit, _chain.State.Unit(first.Block.Hash));
        Assert.Equal(second.ParentUnit, _chain.State.UnitAt(1));
        Assert.Equal(new PendingReward(1, first.Block.Hash, 2), Assert.Single(_chain.State.PendingRewards(_miner.Address)));
    }

    [Fact]
    public void A_new_miner_commits_and_reveals_without_a_coin()
    {
        Hash256 unit = Unit();
        Receipt commit = Assert.Single(_chain.Mine(_other.Address, _chain.Commit(_miner, unit, 1)).Receipts);
        Assert.Equal(UnitStatus.Committed, commit.Unit?.Status);
        Assert.Equal(UInt256.Zero, commit.Burned + commit.Tip);
        Assert.Equal(1UL, _chain.State.Account(_miner.Address).Nonce);
        _chain.MineTo(4, _other.Address);
        Receipt reveal = Assert.Single(_chain.Mine(_other.Address, _chain.Reveal(_miner, unit, 1)).Receipts);
        Assert.Equal(UnitStatus.Revealed, reveal.Unit?.Status);
        Assert.Equal(Keccak256.Hash(TestNetwork.Payload(1)), reveal.Unit?.PayloadHash);
        Assert.Equal(2UL, _chain.State.Account(_miner.Address).Nonce);
        ConnectedBlock last = _chain.Mine(_other.Address);
        Assert.Equal(unit, Assert.Single(last.RoundEnd!.Outcome.Contributions).Unit);
        Assert.Empty(last.RoundEnd.Forfeited);
    }

    [Fact]
    public void Another_miners_unit_is_refused()
    {
        Hash256 unit = Unit();
        AssertSkipped(Tokens.UnitNotOwned, _chain.Commit(_other, unit, 1));
    }

    [Fact]
    public void An_unknown_unit_is_refused() => AssertSkipped(Tokens.UnitUnknown, _chain.Commit(_miner, TestNetwork.HashOf("unit"), 1));

    [Fact]
    public void A_unit_is_committed_once()
    {
        Hash256 unit = Unit();
        _chain.Mine(_miner.Address, _chain.Commit(_miner, unit, 1));
        AssertSkipped(Tokens.CommitUnitNotOpen, _chain.Commit(_miner, unit, 2));
    }

    [Fact]
    public void A_commit_outside_the_train_phase_is_refused()
    {
        Hash256 unit = Unit();
        _chain.MineTo(4, _miner.Address);
        AssertSkipped(Tokens.CommitOutsidePhase, _chain.Commit(_miner, unit, 1));
        _chain.MineTo(5, _miner.Address);
        AssertSkipped(Tokens.CommitOutsidePhase, _chain.Commit(_miner, unit, 1));
        _chain.MineTo(0, _miner.Address);
        Assert.Empty(_chain.Template(_miner.Address, _chain.Commit(_miner, unit, 1)).Skipped);
    }

    [Fact]
    public void A_reveal_outside_its_phase_is_refused()
    {
        Hash256 unit = Unit();
        _chain.Mine(_miner.Address, _chain.Commit(_miner, unit, 1));
        AssertSkipped(Tokens.RevealOutsidePhase, _chain.Reveal(_miner, unit, 1));
        _chain.MineTo(5, _miner.Address);
        AssertSkipped(Tokens.RevealOutsidePhase, _chain.Reveal(_miner, unit, 1));
    }

    [Fact]
    public void A_reveal_without_a_commit_is_refused()
    {
        Hash256 unit = Unit();
        _chain.MineTo(4, _miner.Address);
        AssertSkipped(Tokens.RevealWithoutCommit, _chain.Reveal(_miner, unit, 1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_reveal_of_something_else_than_was_committed_is_refused(bool otherPayload)
    {
        Hash256 unit = Unit();
        _chain.Mine(_miner.Address, _chain.Commit(_miner, unit, 1));
        _chain.MineTo(4, _miner.Address);
        byte[] payload = TestNetwork.Payload(otherPayload ? 2 : 1);
        var call = new RevealCall(unit, Keccak256.Hash(payload), TestChain.Salt(otherPayload ? 1 : 2));
        AssertSkipped(Tokens.RevealCommitmentMismatch, new CandidateTransaction(_chain.Call(_miner, call), payload));
    }

    [Fact]
    public void A_payload_that_is_not_the_one_named_or_not_of_the_right_form_stays_out_of_mempool_and_block()
    {
        Hash256 unit = Unit();
        byte[] broken = [1, 2, 3];
        Hash256 promise = Rounds.Commitment.Of(broken, TestChain.Salt(1), _miner.Address, _chain.State.ModelRoot);
        _chain.Mine(_miner.Address, new CandidateTransaction(_chain.Call(_miner, new CommitCall(unit, promise))));
        _chain.MineTo(4, _miner.Address);
        AssertKeptOut(Tokens.PayloadMalformed, new RevealCall(unit, Keccak256.Hash(broken), TestChain.Salt(1)), broken);
        AssertKeptOut(Tokens.PayloadHashMismatch, new RevealCall(unit, Keccak256.Hash([9]), TestChain.Salt(1)), broken);
        CandidateTransaction bare = new(_chain.Call(_miner, new RevealCall(unit, Keccak256.Hash(broken), TestChain.Salt(1))));
        Assert.Equal(Tokens.PayloadHashMismatch, Assert.Single(_chain.Template(_other.Address, bare).Skipped).Refusal.Token);
    }

    [Fact]
    public void A_commitment_is_bound_to_the_checkpoint_of_its_round()
    {
        Hash256 unit = Unit();
        Hash256 wrong = Rounds.Commitment.Of(TestNetwork.Payload(1), TestChain.Salt(1), _miner.Address, TestNetwork.HashOf("old checkpoint"));
        _chain.Mine(_miner.Address, new CandidateTransaction(_chain.Call(_miner, new CommitCall(unit, wrong))));
        _chain.MineTo(4, _miner.Address);
        AssertSkipped(Tokens.RevealCommitmentMismatch, _chain.Reveal(_miner, unit, 1));
    }

    [Fact]
    public void An_unrevealed_commit_forfeits_its_unit_but_not_its_reward()
    {
        Hash256 unit = Unit();
        _chain.Mine(_miner.Address, _chain.Commit(_miner, unit, 1));
        _chain.MineTo(5, _miner.Address);
        ConnectedBlock last = _chain.Mine(_miner.Address);
        Assert.Equal(unit, Assert.Single(last.RoundEnd!.Forfeited).Id);
        Assert.Equal(UnitStatus.Forfeited, _chain.State.Unit(unit)?.Status);
        Assert.Contains(_chain.State.PendingRewards(_miner.Address), reward => reward.Block == unit);
        AssertSkipped(Tokens.CommitUnitNotOpen, _chain.Commit(_miner, unit, 1));
        _chain.MineTo(4, _miner.Address);
        AssertSkipped(Tokens.RevealWithoutCommit, _chain.Reveal(_miner, unit, 1));
    }

    [Fact]
    public void Units_and_rewards_live_their_rounds_and_no_longer()
    {
        Hash256 unit = Unit();
        while (_chain.State.Height < 16)
        {
            _chain.Mine(_other.Address);
        }

        Assert.NotNull(_chain.State.Unit(unit));
        ConnectedBlock last = _chain.Mine(_other.Address); // height 17 ends round 2, the last of units drawn in round 0
        Assert.Contains(last.RoundEnd!.ExpiredUnits, expired => expired.Id == unit);
        Assert.Contains(last.RoundEnd.Expired, reward => reward.Block == unit && reward.Height == 1);
        Assert.Null(_chain.State.Unit(unit));
        Assert.Null(_chain.State.UnitAt(1));
        Assert.Empty(_chain.State.PendingRewards(_miner.Address));
        Assert.Equal(1UL, _chain.State.Account(_miner.Address).Expired);
        AssertSkipped(Tokens.UnitUnknown, _chain.Commit(_miner, unit, 1));
    }

    [Fact]
    public void The_state_does_not_grow_with_the_chain()
    {
        while (_chain.State.Height < 30)
        {
            _chain.Mine(_miner.Address);
        }

        int entries = _chain.State.Entries.Count;
        while (_chain.State.Height < 60)
        {
            _chain.Mine(_miner.Address);
        }

        Assert.Equal(entries, _chain.State.Entries.Count);
    }

    [Fact]
    public void Where_more_is_committed_than_a_round_has_places_the_lowest_tickets_reveal()
    {
        Hash256[] units = CommitSix();
        Hash256 lastTrainBlock = _chain.State.Head.Hash;
        Hash256[] byTicket = [.. units.OrderBy(unit => Rounds.PlaceDraw.Ticket(lastTrainBlock, unit))];
        foreach (Hash256 unit in byTicket[4..])
        {
            AssertSkipped(Tokens.RevealWithoutPlace, _chain.Reveal(_miner, unit, Array.IndexOf(units, unit)));
        }

        CandidateTransaction[] reveals = [.. byTicket[..4].Select((unit, i) => _chain.Reveal(_miner, unit, Array.IndexOf(units, unit), (ulong)(6 + i)))];
        ConnectedBlock reveal = _chain.Mine(_other.Address, reveals);
        Assert.Equal(byTicket[4..], reveal.WithoutPlace.Select(unit => unit.Id));
        Assert.All(byTicket[4..], unit => Assert.Equal(UnitStatus.Forfeited, _chain.State.Unit(unit)!.Status));
        Assert.All(byTicket[4..], unit => Assert.Contains(_chain.State.PendingRewards(_miner.Address), reward => reward.Block == unit));
        ConnectedBlock last = _chain.Mine(_other.Address);
        Assert.Equal(byTicket[..4].Order(), last.RoundEnd!.Outcome.Contributions.Select(contribution => contribution.Unit));
        Assert.Empty(last.RoundEnd.Forfeited);
        Assert.Empty(last.WithoutPlace);
    }

    [Fact]
    public void The_draw_depends_on_the_last_train_block_and_undoes_exactly()
    {
        Hash256[] units = CommitSix();
        ChainState before = _chain.State;
        ConnectedBlock first = _chain.Mine(_other.Address);
        Assert.Equal(2, first.WithoutPlace.Length);
        _chain.Disconnect();
        Assert.Equal(before.Root, _chain.State.Root);
        Assert.All(units, unit => Assert.Equal(UnitStatus.Committed, _chain.State.Unit(unit)!.Status));

        var draws = new HashSet<string> { string.Join(' ', first.WithoutPlace.Select(unit => unit.Id)) };
        for (int again = 3; again < 9; again++)
        {
            _chain.Disconnect();
            _chain.Mine(TestNetwork.Key(again).Address); // another last train block
            draws.Add(string.Join(' ', _chain.Mine(_other.Address).WithoutPlace.Select(unit => unit.Id)));
            _chain.Disconnect();
        }

        Assert.True(draws.Count > 2, $"six other last blocks gave {draws.Count} draws");
    }

    [Fact]
    public void Where_all_find_a_place_nobody_draws()
    {
        _chain.MineTo(0, _miner.Address).Mine(_miner.Address);
        Hash256[] units = [.. Enumerable.Range(1, 4).Select(height => _chain.State.UnitAt((ulong)height)!.Id)];
        _chain.Mine(_miner.Address, [.. units.Select((unit, i) => _chain.Commit(_miner, unit, i, (ulong)i))]);
        _chain.MineTo(4, _miner.Address);
        Assert.Empty(_chain.Mine(_miner.Address).WithoutPlace);
        Assert.All(units, unit => Assert.Equal(UnitStatus.Committed, _chain.State.Unit(unit)!.Status));
    }

    [Fact]
    public void Nonces_out_of_order_are_refused()
    {
        Hash256 unit = Unit();
        AssertSkipped(Tokens.NonceTooHigh, _chain.Commit(_miner, unit, 1, nonce: 1));
        _chain.Mine(_miner.Address, _chain.Commit(_miner, unit, 1));
        AssertSkipped(Tokens.NonceTooLow, _chain.Commit(_miner, unit, 1, nonce: 0));
    }

    [Fact]
    public void A_transfer_below_the_base_fee_or_without_coins_is_refused()
    {
        Unit();
        Transaction cheap = UnsignedTransaction.DynamicFee(_chain.Parameters.ChainId, 0, 0, Bsk.Gwei - 1, 21_000, _other.Address, 0).Sign(_miner);
        AssertSkipped(Tokens.FeeBelowBase, new CandidateTransaction(cheap));
        AssertSkipped(Tokens.BalanceTooLow, new CandidateTransaction(_chain.Transfer(_miner, _other.Address, 1)));
    }

    [Fact]
    public void An_offered_fee_that_the_sender_does_not_have_is_refused_even_in_a_call()
    {
        Hash256 unit = Unit();
        Transaction call = UnsignedTransaction.DynamicFee(
            _chain.Parameters.ChainId, 0, 1, 1, 40_000, ProtocolCall.Address, 0, new CommitCall(unit, default).Encode()).Sign(_miner);
        AssertSkipped(Tokens.BalanceTooLow, new CandidateTransaction(call));
    }

    /// <summary>Six commitments in a round with four places; the next block is the first that reveals.</summary>
    private Hash256[] CommitSix()
    {
        _chain.MineTo(0, _miner.Address).Mine(_miner.Address);
        _chain.MineTo(0, _miner.Address).Mine(_miner.Address);
        Hash256[] units = [.. Enumerable.Range(4, 6).Select(height => _chain.State.UnitAt((ulong)height)!.Id)];
        _chain.Mine(_miner.Address, [.. units.Select((unit, i) => _chain.Commit(_miner, unit, i, (ulong)i))]);
        _chain.MineTo(4, _other.Address);
        return units;
    }

    private void AssertKeptOut(string token, RevealCall call, byte[] payload)
    {
        var candidate = new CandidateTransaction(_chain.Call(_miner, call), payload);
        Assert.Equal(token, TransactionRules.CheckAgainst(_chain.State, candidate.Transaction, payload)?.Token);
        Assert.Equal(token, Assert.Single(_chain.Template(_other.Address, candidate).Skipped).Refusal.Token);
        Assert.Equal(token, _chain.Refused(Forged.With(_chain.Template(_other.Address), candidate)).Token);
    }

    /// <summary>A unit of the miner that may be committed in the next block.</summary>
    private Hash256 Unit()
    {
        ConnectedBlock block = _chain.Mine(_miner.Address);
        return block.Block.Hash;
    }

    /// <summary>The assembler skips it, the mempool's check says the same, and a block that holds it is refused for it.</summary>
    private void AssertSkipped(string token, CandidateTransaction candidate)
    {
        BlockTemplate template = _chain.Template(_other.Address, candidate);
        Assert.Equal(token, Assert.Single(template.Skipped).Refusal.Token);
        Assert.Equal(token, TransactionRules.CheckAgainst(_chain.State, candidate.Transaction, candidate.Payload)?.Token);
        Refusal refusal = _chain.Refused(Forged.With(template, candidate));
        Assert.Equal(token, refusal.Token);
        Assert.Equal(RefusalKind.State, refusal.Kind);
    }
}
