using Basilisk.Chain.Forks;
using Basilisk.Chain.Hashing;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Rlp;
using Basilisk.Chain.State;
using Basilisk.Chain.Validation;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Chainstate;

namespace Basilisk.Node.Snapshots;

/// <summary>
/// Views of the past on disk, so that a start replays only what came after. A cache: what is missing, damaged or not what the log
/// says is replayed from the log instead. The view kept is the lowest that the node holds at a round's end, so that a start from it
/// holds what a reorganisation can reach. Called by the writer alone; files are written in the background.
/// </summary>
/// <param name="folder">Where the files lie.</param>
/// <param name="log">Told of files that cannot be written or used.</param>
/// <param name="spacing">Least heights between two snapshots.</param>
public sealed class StartupSnapshots(string folder, ILogger log, ulong spacing = StartupSnapshots.DefaultSpacing) : IAsyncDisposable
{
    /// <summary>Replaying as many blocks takes a fraction of a second.</summary>
    public const ulong DefaultSpacing = 512;

    private const ulong FileVersion = 1;

    private readonly HeaderFile _headers = new(Path.Combine(folder, "headers"));
    private ulong _last;
    private Task _writing = Task.CompletedTask;

    private string SnapshotPath => Path.Combine(folder, "snapshot");

    /// <summary>Height of the snapshot on disk; 0 where there is none.</summary>
    internal ulong Written { get; private set; }

    /// <summary>Completes when what was begun is written.</summary>
    internal Task Writing => _writing;

    /// <summary>Waits until what was begun is written.</summary>
    public async ValueTask DisposeAsync() => await _writing;

    /// <summary>Writes a snapshot if the last one is old enough.</summary>
    internal void Follow(ViewTree views, ViewLink tip, HeaderChain headers, ChainLog chainLog)
    {
        if (!_writing.IsCompleted || Candidate(views, tip) is not { } view || view.State.Height < _last + spacing || chainLog.PlaceOf(view.Hash) is not { } place)
        {
            return;
        }

        List<PlacedHeader> above = Above(headers.Find(view.Hash)!, chainLog);
        _last = view.State.Height;
        _writing = Task.Run(() => Write(view, place, above));
    }

    /// <summary>The snapshot, if there is one that this log bears out; the log then goes on behind it.</summary>
    internal async Task<StartupPoint?> ReadAsync(ChainRules rules, ChainLog chainLog, CancellationToken cancellation)
    {
        if (!File.Exists(SnapshotPath))
        {
            return null;
        }

        if (!Read(rules).TryGet(out StartupPoint? point, out Refusal? refusal))
        {
            Drop(refusal.ToString());
            return null;
        }

        if (!await chainLog.ResumeAsync(point.Place, point.View.Hash, point.Places, cancellation))
        {
            Drop($"the log does not put block {point.View.Hash} on at version {point.Place}.");
            return null;
        }

        _last = Written = point.View.State.Height;
        return point;
    }

    /// <summary>Removes files that cannot be used, headers too: they are made again as the chain goes on.</summary>
    internal void Drop(string reason)
    {
        log.StartupSnapshotUnusable(SnapshotPath, reason);
        _last = Written = 0;
        try
        {
            File.Delete(SnapshotPath);
            _headers.Delete();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.StartupSnapshotNotWritten(folder, error.Message);
        }
    }

    /// <summary>The lowest view held at a round's end. None while views reach down to the chain's beginning: a start replays that little.</summary>
    private static ChainView? Candidate(ViewTree views, ViewLink tip)
    {
        ChainView? lowest = null;
        ChainView? candidate = null;
        foreach (ChainView view in views.Downwards(tip))
        {
            lowest = view;
            candidate = view.State.Parameters.Rounds.IsLastOfRound(view.State.Height) ? view : candidate;
        }

        return lowest is { Height: > 0 } ? candidate : null;
    }

    /// <summary>The headers that the file does not have yet, lowest first.</summary>
    private List<PlacedHeader> Above(HeaderNode tip, ChainLog chainLog)
    {
        ulong known = _headers.Count;
        var above = new List<PlacedHeader>();
        for (HeaderNode node = tip; node.Parent is not null; node = node.Parent)
        {
            if (node.Height <= known && _headers.Find(node.Height)?.Hash == node.Hash)
            {
                break; // Each names the one before: all below agrees too.
            }

            above.Add(new PlacedHeader(node.Header, chainLog.PlaceOf(node.Hash) ?? 0));
        }

        above.Reverse();
        return above;
    }

    private void Write(ChainView view, long place, List<PlacedHeader> above)
    {
        try
        {
            Directory.CreateDirectory(folder);
            _headers.Append(above);
            var rlp = new RlpWriter(1 << 16);
            byte[] body = rlp.BeginList().Write(FileVersion).Write(view.State.Height).Write((ulong)place).Write(SnapshotCodec.Encode(view)).EndList().ToArray();
            string partial = SnapshotPath + ".partial";
            using (FileStream file = File.Create(partial))
            {
                file.Write(Keccak256.Hash(body).ToArray());
                file.Write(body);
                file.Flush(flushToDisk: true);
            }

            File.Move(partial, SnapshotPath, overwrite: true);
            Written = view.State.Height;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.StartupSnapshotNotWritten(folder, error.Message);
        }
    }

    private Verdict<StartupPoint> Read(ChainRules rules)
    {
        byte[] bytes = File.ReadAllBytes(SnapshotPath);
        if (bytes.Length < Hash256.Size || Keccak256.Hash(bytes.AsSpan(Hash256.Size)) != new Hash256(bytes.AsSpan(0, Hash256.Size)))
        {
            return new Refusal(RefusalKind.Malformed, SnapshotTokens.ChecksumMismatch, "The file is not what was written.");
        }

        var rlp = new RlpReader(bytes.AsSpan(Hash256.Size));
        rlp.EnterList("file");
        ulong version = rlp.ReadUInt64("version");
        if (!rlp.Failed && version != FileVersion)
        {
            rlp.Refuse(SnapshotTokens.VersionUnknown, "version", "is not one that this program reads", (long)version, (long)FileVersion);
        }

        ulong height = rlp.ReadUInt64("height");
        ulong place = rlp.ReadUInt64("place");
        ReadOnlySpan<byte> body = rlp.ReadBytes(field: "snapshot");
        rlp.LeaveList("file");
        rlp.End();
        if (rlp.Refusal is { } refusal)
        {
            return refusal;
        }

        if (!ReadHeaders(rules, height).TryGet(out (HeaderTree Tree, HeaderNode Tip, Dictionary<Hash256, long> Places) headers, out Refusal? headerRefusal))
        {
            return headerRefusal;
        }

        return SnapshotCodec.Decode(body, rules.Parameters, headers.Tip.Head).TryGet(out ChainView? view, out Refusal? viewRefusal)
            ? new StartupPoint(view, headers.Tree, (long)place, headers.Places)
            : viewRefusal;
    }

    private Verdict<(HeaderTree Tree, HeaderNode Tip, Dictionary<Hash256, long> Places)> ReadHeaders(ChainRules rules, ulong height)
    {
        var tree = new HeaderTree(rules, ChainState.Genesis(rules.Parameters).Head);
        var places = new Dictionary<Hash256, long>((int)height);
        HeaderNode tip = tree.Best;
        foreach (PlacedHeader placed in _headers.Read(height))
        {
            if (placed.Header.ParentHash != tip.Hash)
            {
                return new Refusal(RefusalKind.Header, Tokens.ParentMismatch, $"The header at height {tip.Height + 1} of the file follows another.");
            }

            // Its work was checked when it was taken in: the last of them is a block of the log, and each names the one before.
            if (!tree.AddProven(placed.Header).TryGet(out HeaderNode? node, out Refusal? refusal))
            {
                return refusal;
            }

            places[node.Hash] = placed.Place;
            tip = node;
        }

        return tip.Height == height
            ? (tree, tip, places)
            : new Refusal(RefusalKind.Header, SnapshotTokens.HeadersMissing, "The file of headers ends too early.", (long)tip.Height, (long)height);
    }
}
