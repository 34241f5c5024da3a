namespace Basilisk.Node.Peers.Sync;

/// <summary>How many blocks one peer is asked for at a time: more as long as it answers fast, fewer where it does not.</summary>
internal sealed class DownloadPace
{
    private static readonly TimeSpan Fast = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(4);

    public int Window { get; private set; } = 8;

    /// <summary>Requests under way.</summary>
    public int Open { get; set; }

    public void Answered(TimeSpan took, int blocks)
    {
        if (took < Fast && blocks >= Window)
        {
            Window = Math.Min(Window * 2, Messages.GetBlocks.Most);
        }
        else if (took > Slow)
        {
            Failed();
        }
    }

    public void Failed() => Window = Math.Max(1, Window / 2);
}
