using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Settlement;
using Basilisk.Chain.State;
using Basilisk.Chain.Validation;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Failures;
using Basilisk.Node.Snapshots;
using Basilisk.Store;
using Basilisk.Store.Events;

namespace Basilisk.Node.Chainstate;

/// <summary>An entry of the chain's log, decoded.</summary>
/// <param name="Sequence">Its sequence in the store.</param>
/// <param name="Block">A block put on; null where one was taken off.</param>
/// <param name="Outcome">The recorded result of the round it ends.</param>
/// <param name="Disconnected">Hash of a block taken off.</param>
public sealed record ChainLogEntry(long Sequence, Block? Block, RoundOutcome? Outcome, Hash256 Disconnected)
{
    /// <summary>The state that the chain goes on from; null for every other entry.</summary>
    public SnapshotInstalled? Snapshot { get; init; }
}

/// <summary>A header in the log, without the rest of its block.</summary>
/// <param name="Sequence">Sequence of its event.</param>
/// <param name="Header">The header; null where a snapshot was installed, which brings its own.</param>
/// <param name="Snapshot">That snapshot.</param>
public sealed record LoggedHeader(long Sequence, BlockHeader? Header, SnapshotInstalled? Snapshot);

/// <summary>
/// The chain's stream in the event store. A tip moves by one append, all or nothing, at the version this node last saw: a second
/// writer is refused, and a process that dies leaves either the old tip or the new one.
/// </summary>
public sealed class ChainLog(IEventStore store, NetworkParameters parameters, ChainFacts facts, TimeProvider? time = null)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly ConcurrentDictionary<Hash256, long> _places = new();

    // Put on once, and payloads deleted since.
    private readonly ConcurrentDictionary<Hash256, bool> _bodiless = new();
    private long _version;

    /// <summary>Where an installed snapshot lies.</summary>
    public SnapshotStore Snapshots { get; } = new(store, facts);

    /// <summary>Sequence of the last event of the stream that this process wrote or read.</summary>
    public long LastSequence { get; private set; }

    /// <summary>Height of the snapshot that the log begins with; 0 where it begins with genesis.</summary>
    public ulong SnapshotHeight { get; private set; }

    /// <summary>Version of the last event that put a block on; null where none did.</summary>
    public long? PlaceOf(Hash256 block) => _places.TryGetValue(block, out long place) ? place : null;

    /// <summary>Writes the stream's first event, or checks that it is this network's.</summary>
    /// <exception cref="ChainLogCorruptException">The stream begins with something else.</exception>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        string hash = parameters.Hash.ToString();
        await foreach (StoredEvent first in store.ReadStreamAsync(ChainEvents.Stream, 1, cancellation))
        {
            NetworkCreated? created = first.Type == ChainEvents.NetworkCreated ? JsonSerializer.Deserialize<NetworkCreated>(first.Json, ChainEvents.Json) : null;
            if (created is null)
            {
                throw new ChainLogCorruptException(first.Sequence, "it does not begin with the network's parameters.");
            }

            if (created.ParametersHash != hash)
            {
                throw new ChainLogCorruptException(first.Sequence, $"it belongs to network '{created.Name}' ({created.ParametersHash}), this node runs '{parameters.Name}' ({hash}).");
            }

            _version = 1;
            LastSequence = first.Sequence;
            if (await store.ReadStreamPageAsync(ChainEvents.Stream, 2, 1, cancellation) is [{ Type: ChainEvents.SnapshotInstalled } second])
            {
                SnapshotHeight = (ulong)Read<SnapshotInstalled>(second).Height;
            }

            return;
        }

        var genesis = new NetworkCreated(parameters.Name, hash, facts.Genesis(ChainState.Genesis(parameters)));
        Took(await store.AppendAsync(ChainEvents.Stream, _version, [Event(ChainEvents.NetworkCreated, genesis)], [], cancellation));
    }

    /// <summary>Reads what the stream says after its first event.</summary>
    /// <exception cref="ChainLogCorruptException">An event cannot be read.</exception>
    public IAsyncEnumerable<ChainLogEntry> ReadAsync(CancellationToken cancellation) => ReadAsync(1, cancellation);

    /// <summary>Reads what the stream says after a version.</summary>
    /// <exception cref="ChainLogCorruptException">An event cannot be read.</exception>
    public async IAsyncEnumerable<ChainLogEntry> ReadAsync(long after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (StoredEvent stored in store.ReadStreamAsync(ChainEvents.Stream, after + 1, cancellation))
        {
            _version = stored.Version;
            LastSequence = stored.Sequence;
            yield return stored.Type switch
            {
                ChainEvents.BlockConnected => await ConnectedAsync(stored, cancellation),
                ChainEvents.BlockDisconnected => new ChainLogEntry(stored.Sequence, null, null, Hash256.Parse(Read<BlockDisconnected>(stored).Hash)),
                ChainEvents.SnapshotInstalled => Installed(stored),
                _ => throw new ChainLogCorruptException(stored.Sequence, $"its type '{stored.Type}' is unknown to this version."),
            };
        }
    }

    /// <summary>Reads the headers of blocks put on up to a version: what is left of those whose payloads were pruned.</summary>
    /// <exception cref="ChainLogCorruptException">An event cannot be read.</exception>
    public async IAsyncEnumerable<LoggedHeader> ReadHeadersAsync(long last, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (StoredEvent stored in store.ReadStreamAsync(ChainEvents.Stream, 2, cancellation))
        {
            if (stored.Version > last)
            {
                yield break;
            }

            _version = stored.Version;
            LastSequence = stored.Sequence;
            if (stored.Type == ChainEvents.SnapshotInstalled)
            {
                yield return new LoggedHeader(stored.Sequence, null, Installed(stored).Snapshot);
            }
            else if (stored.Type == ChainEvents.BlockConnected)
            {
                byte[] bytes = Convert.FromHexString(Read<BlockConnected>(stored).Fact.Header.AsSpan(2));
                if (!HeaderCodec.Decode(bytes).TryGet(out BlockHeader? header, out Refusal? refusal))
                {
                    throw new ChainLogCorruptException(stored.Sequence, $"its header is malformed ({refusal}).");
                }

                _places[header.Hash] = stored.Version;
                yield return new LoggedHeader(stored.Sequence, header, null);
            }
        }
    }

    /// <summary>Where the log can be replayed from after payloads were pruned; null where none were.</summary>
    public Task<PayloadsPruned?> PrunedAsync(CancellationToken cancellation) => PayloadPruning.ReadAsync(store, cancellation);

    /// <summary>Goes on behind the event that put a block on, without reading what came before.</summary>
    /// <param name="version">Version of that event.</param>
    /// <param name="block">The block.</param>
    /// <param name="places">What <see cref="PlaceOf"/> knew then.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>False, and nothing changed, where the log does not say so.</returns>
    public async Task<bool> ResumeAsync(long version, Hash256 block, IReadOnlyDictionary<Hash256, long> places, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(places);
        await foreach (StoredEvent stored in store.ReadStreamAsync(ChainEvents.Stream, version, cancellation))
        {
            string? named = stored.Type switch
            {
                ChainEvents.BlockConnected => Read<BlockConnected>(stored).Fact.Hash,
                ChainEvents.SnapshotInstalled => Read<SnapshotInstalled>(stored).Hash,
                _ => null,
            };
            if (named != block.ToString())
            {
                return false;
            }

            _version = stored.Version;
            LastSequence = stored.Sequence;
            foreach ((Hash256 hash, long place) in places)
            {
                _places[hash] = place;
            }

            return true;
        }

        return false;
    }

    /// <summary>
    /// Moves the tip: blocks off, then blocks on, in one append. Where that is more than the store takes at once, in several: a
    /// process that dies between them comes back on a shorter chain, and gets the rest again.
    /// </summary>
    /// <exception cref="StoreException">Nothing was written; the derived type says why.</exception>
    /// <exception cref="ChainLogTakenException">Somebody else writes this log.</exception>
    public async Task AppendAsync(IReadOnlyList<ConnectedBlock> off, IReadOnlyList<ConnectedBlock> on, ILogger log, CancellationToken cancellation)
    {
        IEnumerable<(ConnectedBlock Block, bool IsOn)> moves = [.. off.Select(block => (block, false)), .. on.Select(block => (block, true))];
        foreach ((ConnectedBlock Block, bool IsOn)[] part in moves.Chunk(EventLimits.MaxEventsPerAppend))
        {
            await AppendAsync(part, log, cancellation);
        }
    }

    /// <summary>A block that was put on once, with its recorded result; null where there is none, or not its payloads any more.</summary>
    /// <exception cref="ChainLogCorruptException">The event cannot be read.</exception>
    public async Task<ChainLogEntry?> ReadBlockAsync(Hash256 block, CancellationToken cancellation)
    {
        try
        {
            return await FindAsync(block, cancellation) is { } stored ? await ConnectedAsync(stored, cancellation) : null;
        }
        catch (BlobMissingException)
        {
            _bodiless[block] = true;
            return null;
        }
    }

    /// <summary>As <see cref="ReadBlockAsync"/>, the block's encoding, put together without decoding it.</summary>
    public async Task<ReadOnlyMemory<byte>?> ReadBytesAsync(Hash256 block, CancellationToken cancellation)
    {
        if (await FindAsync(block, cancellation) is not { } stored)
        {
            return null;
        }

        BlockConnected connected = Read<BlockConnected>(stored);
        byte[] bare = Convert.FromBase64String(connected.Block);
        try
        {
            var payloads = new List<ReadOnlyMemory<byte>>();
            foreach (string payload in connected.Payloads)
            {
                payloads.Add(await store.ReadBlobAsync(new BlobKey(Hash256.Parse(payload).ToArray()), cancellation));
            }

            return payloads.Count == 0 ? bare : BlockCodec.WithPayloads(bare, payloads);
        }
        catch (BlobMissingException)
        {
            _bodiless[block] = true; // Pruned: who wants it asks an archive.
            return null;
        }
    }

    /// <summary>Whether a block was put on once and, as far as is known, is whole.</summary>
    public bool Has(Hash256 block) => PlaceOf(block) > 0 && !_bodiless.ContainsKey(block);

    private async Task<StoredEvent?> FindAsync(Hash256 block, CancellationToken cancellation)
    {
        if (!Has(block))
        {
            return null;
        }

        IReadOnlyList<StoredEvent> found = await store.ReadStreamPageAsync(ChainEvents.Stream, PlaceOf(block)!.Value, 1, cancellation);
        return found is [{ Type: ChainEvents.BlockConnected } stored] ? stored : null; // An installed snapshot has a place, and no block.
    }

    private async Task AppendAsync(IReadOnlyList<(ConnectedBlock Block, bool IsOn)> moves, ILogger log, CancellationToken cancellation)
    {
        var events = new List<NewEvent>();
        var blobs = new Dictionary<Hash256, NewBlob>();
        foreach ((ConnectedBlock connected, bool isOn) in moves)
        {
            if (!isOn)
            {
                events.Add(Event(ChainEvents.BlockDisconnected, facts.Disconnected(connected)));
                continue;
            }

            events.Add(Event(ChainEvents.BlockConnected, facts.Connected(connected)));
            for (int i = 0; i < connected.Block.Payloads.Length; i++)
            {
                Hash256 hash = connected.Block.PayloadHashes[i];
                blobs[hash] = new NewBlob(new BlobKey(hash.ToArray()), connected.Block.Payloads[i]);
            }
        }

        long before = _version;
        try
        {
            Took(await store.AppendAsync(ChainEvents.Stream, _version, events, [.. blobs.Values], cancellation));
        }
        catch (StoreUnavailableException error)
        {
            log.AppendUncertain(error.Message);
            if (!await WasTakenAsync(events, cancellation))
            {
                throw;
            }
        }
        catch (WrongExpectedVersionException error)
        {
            throw new ChainLogTakenException(error.Message, error);
        }

        for (int i = 0; i < moves.Count; i++)
        {
            if (moves[i].IsOn)
            {
                _places[moves[i].Block.Block.Hash] = before + i + 1;
                _bodiless.TryRemove(moves[i].Block.Block.Hash, out _);
            }
        }
    }

    /// <summary>Writes down that the operator follows chains that contain a block.</summary>
    /// <exception cref="StoreException">Nothing was written.</exception>
    public async Task AppendFollowedAsync(Hash256 hash, ulong height, CancellationToken cancellation)
    {
        long version = await store.StreamVersionAsync(ChainEvents.OperatorStream, cancellation);
        await store.AppendAsync(ChainEvents.OperatorStream, version, [Event(ChainEvents.ChainFollowed, new ChainFollowed((long)height, hash.ToString()))], [], cancellation);
    }

    /// <summary>Blocks that the operator chose to follow.</summary>
    public async Task<IReadOnlyList<Hash256>> ReadFollowedAsync(CancellationToken cancellation)
    {
        var followed = new List<Hash256>();
        await foreach (StoredEvent stored in store.ReadStreamAsync(ChainEvents.OperatorStream, 1, cancellation))
        {
            if (stored.Type == ChainEvents.ChainFollowed)
            {
                followed.Add(Hash256.Parse(Read<ChainFollowed>(stored).Hash));
            }
        }

        return followed;
    }

    /// <summary>Lets an empty chain go on from a snapshot: one append, all or nothing.</summary>
    /// <exception cref="InvalidOperationException">The log has blocks.</exception>
    /// <exception cref="StoreException">Nothing was installed; the derived type says why.</exception>
    /// <exception cref="ChainLogTakenException">Somebody else writes this log.</exception>
    public async Task InstallAsync(SnapshotContent content, ChainView view, IReadOnlyList<BlockHeader> headers, ILogger log, CancellationToken cancellation)
    {
        if (_version != 1)
        {
            throw new InvalidOperationException($"The log is at version {_version}: a snapshot is installed only in a log without blocks.");
        }

        (SnapshotInstalled installed, IReadOnlyList<NewBlob> blobs) = await Snapshots.WriteAsync(content, view, headers, cancellation);
        List<NewEvent> events = [Event(ChainEvents.SnapshotInstalled, installed)];
        try
        {
            Took(await store.AppendAsync(ChainEvents.Stream, _version, events, blobs, cancellation));
        }
        catch (StoreUnavailableException error)
        {
            log.AppendUncertain(error.Message);
            if (!await WasTakenAsync(events, cancellation))
            {
                throw;
            }
        }
        catch (WrongExpectedVersionException error)
        {
            throw new ChainLogTakenException(error.Message, error);
        }

        _places[view.Hash] = _version;
        SnapshotHeight = view.State.Height;
    }

    /// <summary>Says in the node's log how a round ended.</summary>
    public void Announce(RoundEnd end, ILogger log)
    {
        ArgumentNullException.ThrowIfNull(end);
        RoundOutcome outcome = end.Outcome;
        if (!outcome.Settled)
        {
            log.RoundEmpty(outcome.Round, outcome.Reason);
            return;
        }

        if (!outcome.Pays)
        {
            log.RoundUnpaid(
                outcome.Round,
                facts.NatsOnConfirmation(outcome.Gain),
                facts.NatsOnConfirmation(outcome.GainError),
                outcome.StepHalves / 2.0,
                facts.NatsOnHoldout(outcome.Losses.HoldoutAfter));
            return;
        }

        log.RoundSettled(
            outcome.Round,
            facts.NatsOnConfirmation(outcome.Gain),
            facts.NatsOnConfirmation(outcome.GainError),
            outcome.StepHalves / 2.0,
            outcome.Contributions.Count(contribution => contribution.Accepted),
            outcome.Contributions.Length,
            end.Released.Length,
            facts.NatsOnHoldout(outcome.Losses.HoldoutAfter));
    }

    private void Took(AppendResult appended)
    {
        _version = appended.Version;
        LastSequence = appended.LastSequence;
    }

    /// <summary>
    /// A connection that breaks while an append commits leaves open whether it did. Waits until the store answers again and looks:
    /// going on without knowing would fork the log from the chain in memory.
    /// </summary>
    private async Task<bool> WasTakenAsync(List<NewEvent> events, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await FindAppendAsync(events, cancellation);
            }
            catch (StoreUnavailableException)
            {
                await Task.Delay(RetryDelay, _time, cancellation);
            }
        }
    }

    private async Task<bool> FindAppendAsync(List<NewEvent> events, CancellationToken cancellation)
    {
        long version = await store.StreamVersionAsync(ChainEvents.Stream, cancellation);
        if (version == _version)
        {
            return false;
        }

        int i = 0;
        StoredEvent? last = null;
        await foreach (StoredEvent stored in store.ReadStreamAsync(ChainEvents.Stream, _version + 1, cancellation))
        {
            if (i == events.Count || stored.Type != events[i].Type || !JsonNode.DeepEquals(JsonNode.Parse(stored.Json), JsonNode.Parse(events[i].Json)))
            {
                break;
            }

            last = stored;
            i++;
        }

        if (i != events.Count || version != _version + events.Count)
        {
            throw new ChainLogTakenException($"The log is at version {version}, this node left it at {_version}.");
        }

        _version = version;
        LastSequence = last!.Sequence;
        return true;
    }

    private async Task<ChainLogEntry> ConnectedAsync(StoredEvent stored, CancellationToken cancellation)
    {
        BlockConnected connected = Read<BlockConnected>(stored);
        if (!BlockCodec.Decode(Convert.FromBase64String(connected.Block), parameters.Caps).TryGet(out Block? bare, out Refusal? refusal))
        {
            throw new ChainLogCorruptException(stored.Sequence, $"its block is malformed ({refusal}).");
        }

        var payloads = System.Collections.Immutable.ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
        foreach (string hash in connected.Payloads)
        {
            payloads.Add(await store.ReadBlobAsync(new BlobKey(Hash256.Parse(hash).ToArray()), cancellation));
        }

        RoundOutcome? outcome = null;
        if (connected.Outcome is { } encoded
            && !RoundOutcomeCodec.Decode(Convert.FromBase64String(encoded), (int)parameters.Caps.ContributionsPerRound).TryGet(out outcome, out refusal))
        {
            throw new ChainLogCorruptException(stored.Sequence, $"its round's result is malformed ({refusal}).");
        }

        _places[bare.Hash] = stored.Version;
        return new ChainLogEntry(stored.Sequence, new Block(bare.Header, bare.Transactions, payloads.ToImmutable()), outcome, default);
    }

    private ChainLogEntry Installed(StoredEvent stored)
    {
        SnapshotInstalled installed = Read<SnapshotInstalled>(stored);
        _places[Hash256.Parse(installed.Hash)] = stored.Version;
        return new ChainLogEntry(stored.Sequence, null, null, default) { Snapshot = installed };
    }

    private static NewEvent Event<T>(string type, T data) => new(type, JsonSerializer.Serialize(data, ChainEvents.Json), typeof(T).FullName);

    private static T Read<T>(StoredEvent stored)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(stored.Json, ChainEvents.Json) ?? throw new ChainLogCorruptException(stored.Sequence, "it is null.");
        }
        catch (JsonException error)
        {
            throw new ChainLogCorruptException(stored.Sequence, $"its JSON cannot be read: {error.Message}");
        }
    }
}
