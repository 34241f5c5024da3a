namespace Basilisk.Simulation.Chains;

/// <summary>
/// Time that passes only by events. Events of one moment happen in the order in which they were planned, so a run is a function of its
/// seed alone. Used by one thread.
/// </summary>
public sealed class VirtualTime
{
    private readonly PriorityQueue<Action, (double At, long Order)> _events = new();
    private long _order;

    /// <summary>Seconds since the start.</summary>
    public double Now { get; private set; }

    /// <summary>Plans an event.</summary>
    /// <param name="delay">Seconds from now, not negative.</param>
    /// <param name="what">What happens then.</param>
    public void After(double delay, Action what)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(delay);
        ArgumentNullException.ThrowIfNull(what);
        _events.Enqueue(what, (Now + delay, _order++));
    }

    /// <summary>Lets the next event happen; false where none is planned.</summary>
    public bool Step()
    {
        if (!_events.TryDequeue(out Action? what, out (double At, long Order) when))
        {
            return false;
        }

        Now = when.At;
        what();
        return true;
    }
}
