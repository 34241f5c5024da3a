namespace Basilisk.Node.Peers;

/// <summary>A set that forgets its oldest members above a size. Thread-safe.</summary>
/// <param name="most">Members held.</param>
public sealed class BoundedSet<T>(int most)
    where T : notnull
{
    private readonly Lock _gate = new();
    private readonly HashSet<T> _members = [];
    private readonly Queue<T> _order = new();

    /// <summary>False where it is a member already.</summary>
    public bool Add(T member)
    {
        lock (_gate)
        {
            if (!_members.Add(member))
            {
                return false;
            }

            _order.Enqueue(member);
            if (_order.Count > most)
            {
                _members.Remove(_order.Dequeue());
            }

            return true;
        }
    }

    public bool Contains(T member)
    {
        lock (_gate)
        {
            return _members.Contains(member);
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _members.Clear();
            _order.Clear();
        }
    }
}
