namespace Basilisk.Web.Live;

/// <summary>
/// The rows of a live list. New rows never move what is being read: while held, known rows are refreshed in place and
/// new ones only counted.
/// </summary>
public sealed class HeldRows<TItem>
{
    public IReadOnlyList<TItem> Shown { get; private set; } = [];

    /// <summary>New rows that wait because the list is held.</summary>
    public int Waiting { get; private set; }

    /// <summary>Whether somebody is reading the list.</summary>
    public bool Held { get; set; }

    /// <summary>Takes the newest items over, or refreshes in place while held.</summary>
    public void Offer(IReadOnlyList<TItem> items, int most, Func<TItem, object> keyOf)
    {
        if (!Held || Shown.Count == 0)
        {
            ShowNew(items, most);
            return;
        }

        var fresh = items.ToDictionary(keyOf);
        var known = Shown.Select(keyOf).ToHashSet();
        Shown = [.. Shown.Select(item => fresh.GetValueOrDefault(keyOf(item)) ?? item)];
        Waiting = items.TakeWhile(item => !known.Contains(keyOf(item))).Count();
    }

    public void ShowNew(IReadOnlyList<TItem> items, int most)
    {
        Shown = [.. items.Take(most)];
        Waiting = 0;
    }
}
