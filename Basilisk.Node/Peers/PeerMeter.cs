namespace Basilisk.Node.Peers;

/// <summary>Counts what conversations did since the start; metrics read it. Thread-safe.</summary>
public sealed class PeerMeter
{
    private long _blocksServed;
    private long _blocksAnnounced;
    private long _relayed;
    private long _relayedFromMempool;
    private long _relayedWhole;
    private long _relayBytes;
    private long _relayedBlockBytes;
    private long _transactionsAnnounced;
    private long _transactionsFetched;
    private long _transactionsTwice;
    private long _headersTaken;
    private long _blocksDownloaded;
    private long _downloadBytes;

    /// <summary>Whole blocks given to peers that asked.</summary>
    public long BlocksServed => Interlocked.Read(ref _blocksServed);

    /// <summary>Announcements of new blocks sent.</summary>
    public long BlocksAnnounced => Interlocked.Read(ref _blocksAnnounced);

    /// <summary>New blocks taken from announcements.</summary>
    public long BlocksRelayed => Interlocked.Read(ref _relayed);

    /// <summary>Of those, built without asking for anything.</summary>
    public long BlocksFromMempool => Interlocked.Read(ref _relayedFromMempool);

    /// <summary>Of those, fetched whole.</summary>
    public long BlocksFetchedWhole => Interlocked.Read(ref _relayedWhole);

    /// <summary>Bytes that came over the wire for them: announcement, and parts or the whole.</summary>
    public long RelayBytes => Interlocked.Read(ref _relayBytes);

    /// <summary>Bytes of those blocks.</summary>
    public long RelayedBlockBytes => Interlocked.Read(ref _relayedBlockBytes);

    /// <summary>Hashes of waiting transactions announced, over all peers.</summary>
    public long TransactionsAnnounced => Interlocked.Read(ref _transactionsAnnounced);

    /// <summary>Waiting transactions that peers sent.</summary>
    public long TransactionsFetched => Interlocked.Read(ref _transactionsFetched);

    /// <summary>Of those, already there when they came.</summary>
    public long TransactionsTwice => Interlocked.Read(ref _transactionsTwice);

    /// <summary>New headers that peers sent.</summary>
    public long HeadersTaken => Interlocked.Read(ref _headersTaken);

    /// <summary>Blocks fetched while catching up.</summary>
    public long BlocksDownloaded => Interlocked.Read(ref _blocksDownloaded);

    /// <summary>Their bytes.</summary>
    public long DownloadBytes => Interlocked.Read(ref _downloadBytes);

    internal void Served(int blocks) => Interlocked.Add(ref _blocksServed, blocks);

    internal void Announced() => Interlocked.Increment(ref _blocksAnnounced);

    internal void Relayed(long wireBytes, long blockBytes, bool asked, bool whole)
    {
        Interlocked.Increment(ref _relayed);
        Interlocked.Add(ref _relayBytes, wireBytes);
        Interlocked.Add(ref _relayedBlockBytes, blockBytes);
        Interlocked.Add(ref _relayedFromMempool, asked ? 0 : 1);
        Interlocked.Add(ref _relayedWhole, whole ? 1 : 0);
    }

    internal void AnnouncedTransactions(int count) => Interlocked.Add(ref _transactionsAnnounced, count);

    internal void FetchedTransaction(bool twice)
    {
        Interlocked.Increment(ref _transactionsFetched);
        Interlocked.Add(ref _transactionsTwice, twice ? 1 : 0);
    }

    internal void Took(int headers) => Interlocked.Add(ref _headersTaken, headers);

    internal void Downloaded(long bytes)
    {
        Interlocked.Increment(ref _blocksDownloaded);
        Interlocked.Add(ref _downloadBytes, bytes);
    }
}
