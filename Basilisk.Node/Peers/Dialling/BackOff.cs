namespace Basilisk.Node.Peers.Dialling;

/// <summary>Growing pauses between tries: doubled after each failure, from a second to a minute, with a little chance in them.</summary>
internal sealed class BackOff(TimeSpan? longest = null)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _longest = longest ?? TimeSpan.FromMinutes(1);
    private int _failures;

    /// <summary>How long to wait after one more failure.</summary>
    public TimeSpan Next()
    {
        double doubled = Shortest.TotalSeconds * Math.Pow(2, Math.Min(_failures++, 16));
        return TimeSpan.FromSeconds(Math.Min(doubled, _longest.TotalSeconds) * (0.8 + (0.4 * Random.Shared.NextDouble())));
    }

    public void Reset() => _failures = 0;
}
