using System.Security.Cryptography;
using System.Text.Json;
using Basilisk.Chain.Hashing;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Rounds;
using Basilisk.Chain.Signatures;
using Basilisk.Chain.State;
using Basilisk.Chain.Transactions;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Payloads;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Mempool;
using Basilisk.Store.Events;

namespace Basilisk.Node.Training;

/// <summary>
/// The node's own contributions of the running round: prepared, committed, revealed. Safe to call again and again: it looks at
/// the chain and the mempool and sends what is missing there, so a restart or a reorganisation needs nothing special.
/// </summary>
/// <param name="store">Remembers salts and payloads.</param>
/// <param name="pool">Where transactions go.</param>
/// <param name="parameters">The network.</param>
/// <param name="key">Signs; owns the units.</param>
/// <param name="log">Tells of commits and reveals.</param>
public sealed class ContributionBook(IEventStore store, TransactionPool pool, NetworkParameters parameters, PrivateKey key, ILogger log)
{
    private readonly Dictionary<Hash256, Contribution> _open = [];
    private readonly string _stream = ContributionPrepared.StreamOf(key.Address);

    /// <summary>Contributions prepared for a round.</summary>
    public int CountOf(ulong round) => _open.Values.Count(contribution => contribution.Round == round);

    /// <summary>Reads back what was prepared before a restart.</summary>
    public async Task LoadAsync(ChainView view, CancellationToken cancellation)
    {
        _open.Clear();
        await foreach (StoredEvent stored in store.ReadStreamAsync(_stream, 1, cancellation))
        {
            if (JsonSerializer.Deserialize<ContributionPrepared>(stored.Json, ChainEvents.Json) is { } prepared && (ulong)prepared.Round >= view.Round)
            {
                Hash256 payloadHash = Hash256.Parse(prepared.PayloadHash);
                ReadOnlyMemory<byte> payload = await store.ReadBlobAsync(new BlobKey(payloadHash.ToArray()), cancellation);
                Hash256 unit = Hash256.Parse(prepared.Unit);
                _open[unit] = new Contribution(unit, (ulong)prepared.Round, Hash256.Parse(prepared.ModelRoot), Hash256.Parse(prepared.Salt), payloadHash, payload) { Delta = Decode(payload) };
            }
        }
    }

    /// <summary>The oldest unit that can still be committed to, or null.</summary>
    public WorkUnit? NextUnit(ChainView view)
    {
        RoundSchedule rounds = parameters.Rounds;
        ulong firstRound = view.Round >= rounds.UnitLifetime ? view.Round - rounds.UnitLifetime + 1 : 0;
        for (ulong height = Math.Max(1, rounds.FirstHeightOf(firstRound)); height <= view.State.Height; height++)
        {
            if (view.State.UnitAt(height) is { Status: UnitStatus.Open } unit && unit.Miner == key.Address && !IsTaken(unit.Id, view.Round))
            {
                return unit;
            }
        }

        return null;
    }

    // A unit that is still open after its contribution's round never got its commitment into the chain: it can be used again.
    private bool IsTaken(Hash256 unit, ulong round) => _open.TryGetValue(unit, out Contribution? contribution) && contribution.Round >= round;

    private SparseDelta? Decode(ReadOnlyMemory<byte> payload) =>
        PayloadCodec.TryDecode(payload.Span, parameters.Model.Shape.ParameterCount, parameters.Payload, out SparseDelta? delta, out _) ? delta : null;

    /// <summary>Remembers a contribution for a unit and sends its commitment.</summary>
    /// <exception cref="Store.StoreException">It was not remembered, and nothing was sent.</exception>
    public async Task CommitAsync(ChainView view, WorkUnit unit, SparseDelta delta, CancellationToken cancellation)
    {
        byte[] payload = PayloadCodec.Encode(delta, parameters.Payload);
        var contribution = new Contribution(
            unit.Id, view.Round, view.State.ModelRoot, new Hash256(RandomNumberGenerator.GetBytes(Hash256.Size)), Keccak256.Hash(payload), payload) { Delta = delta };
        var prepared = new ContributionPrepared(
            unit.Id.ToString(), (long)view.Round, contribution.ModelRoot.ToString(), contribution.Salt.ToString(), contribution.PayloadHash.ToString());
        await store.AppendAsync(
            _stream,
            await store.StreamVersionAsync(_stream, cancellation), // this book alone writes the stream
            [new NewEvent(ContributionPrepared.EventType, JsonSerializer.Serialize(prepared, ChainEvents.Json), typeof(ContributionPrepared).FullName)],
            [new NewBlob(new BlobKey(contribution.PayloadHash.ToArray()), payload)],
            cancellation);
        _open[unit.Id] = contribution;
        SendMissing(view);
    }

    /// <summary>Sends whatever the chain and the mempool lack of the round's contributions.</summary>
    public void SendMissing(ChainView view)
    {
        foreach (Contribution contribution in _open.Values.Where(contribution => contribution.Round == view.Round && contribution.ModelRoot == view.State.ModelRoot))
        {
            WorkUnit? unit = view.State.Unit(contribution.Unit);
            if (unit is { Status: UnitStatus.Open } && view.Phase == RoundPhase.Train)
            {
                Hash256 commitment = Commitment.Of(contribution.Payload.Span, contribution.Salt, key.Address, contribution.ModelRoot);
                if (Send(view, contribution, new CommitCall(contribution.Unit, commitment), null))
                {
                    log.ContributionCommitted(contribution.Unit.ToString(), contribution.Round, contribution.Payload.Length);
                }
            }
            else if (unit is { Status: UnitStatus.Committed } && view.Phase == RoundPhase.Reveal
                && Send(view, contribution, new RevealCall(contribution.Unit, contribution.PayloadHash, contribution.Salt), contribution.Payload))
            {
                log.ContributionRevealed(contribution.Unit.ToString(), contribution.Round);
            }
        }
    }

    /// <summary>
    /// Closes the contributions of rounds that are over, and forgets them once no reorganisation can open their round again. Returns
    /// the deltas that were never judged, for the compressor to take back; those of a round whose result was not seen in time are
    /// not among them: they may be part of the model. One that was judged and refused is gone: sent again on top of new progress it
    /// would grow, round after round, in a direction that was just found useless.
    /// </summary>
    public IReadOnlyList<SparseDelta> Close(ChainView view)
    {
        var unsent = new List<SparseDelta>();
        foreach (Contribution contribution in _open.Values.Where(contribution => contribution.Round < view.Round).ToList())
        {
            if (contribution.Round + parameters.FinalityRounds + 1 < view.Round)
            {
                _open.Remove(contribution.Unit);
            }

            if (!contribution.IsClosed && contribution.Delta is { } delta && view.Totals.LastOutcome is { } outcome && outcome.Round == contribution.Round
                && outcome.Contributions.All(result => result.Unit != contribution.Unit))
            {
                unsent.Add(delta);
            }

            contribution.IsClosed = true;
        }

        return unsent;
    }

    private bool Send(ChainView view, Contribution contribution, ProtocolCall call, ReadOnlyMemory<byte>? payload)
    {
        // One that waits behind a missing nonce would wait for ever: it is signed again with the nonce that is next.
        ulong nonce = pool.NextNonce(view, key.Address);
        if (contribution.Sent is { } sent && pool.TryFind(sent, out PooledTransaction? waiting) && waiting.Transaction.Nonce < nonce)
        {
            return false;
        }

        byte[] data = call.Encode();
        UnsignedTransaction body = UnsignedTransaction.DynamicFee(
            parameters.ChainId, nonce, 0, 0, IntrinsicGas.Of(data, []), ProtocolCall.Address, 0, data);
        Transaction transaction = body.Sign(key);
        if (pool.Add(view, transaction, payload) is { } refusal)
        {
            log.OwnTransactionRefused(call is CommitCall ? "commit" : "reveal", contribution.Unit.ToString(), refusal.ToString());
            return false;
        }

        contribution.Sent = transaction.Hash;
        return true;
    }

    private sealed record Contribution(Hash256 Unit, ulong Round, Hash256 ModelRoot, Hash256 Salt, Hash256 PayloadHash, ReadOnlyMemory<byte> Payload)
    {
        /// <summary>The transaction sent last; sent again when neither chain nor mempool have it.</summary>
        public Hash256? Sent { get; set; }

        /// <summary>Whether its round is over and the unsent was given back.</summary>
        public bool IsClosed { get; set; }

        /// <summary>What the payload says.</summary>
        public SparseDelta? Delta { get; init; }
    }
}
