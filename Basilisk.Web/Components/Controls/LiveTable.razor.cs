using Basilisk.Web.Live;
using Microsoft.AspNetCore.Components;

namespace Basilisk.Web.Components.Controls;

/// <summary>
/// A short list whose head grows. While somebody points at it, has the focus in it, or has scrolled the page away from its
/// top to read, it stands still and counts.
/// </summary>
public sealed partial class LiveTable<TItem>
{
    private readonly HeldRows<TItem> _rows = new();
    private bool _pointedAt;
    private bool _scrolledAway;

    [Parameter, EditorRequired]
    public string Title { get; set; } = "";

    /// <summary>Newest first.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<TItem> Items { get; set; } = [];

    /// <summary>Most rows shown: the list's height never changes once full.</summary>
    [Parameter]
    public int Rows { get; set; } = 8;

    /// <summary>What stays the same when a row's figures change.</summary>
    [Parameter, EditorRequired]
    public Func<TItem, object> KeyOf { get; set; } = null!;

    [Parameter, EditorRequired]
    public RenderFragment Head { get; set; } = null!;

    [Parameter, EditorRequired]
    public RenderFragment<TItem> Row { get; set; } = null!;

    /// <summary>Said while there is no row.</summary>
    [Parameter, EditorRequired]
    public string Empty { get; set; } = "";

    [Parameter]
    public string? More { get; set; }

    [Parameter]
    public string? MoreText { get; set; }

    protected override void OnParametersSet() => _rows.Offer(Items, Rows, KeyOf);

    private void Point(bool pointed) => Hold(pointed, _scrolledAway);

    private void Scroll(ReadingEventArgs change) => Hold(_pointedAt, change.Reading);

    private void Hold(bool pointedAt, bool scrolledAway)
    {
        _pointedAt = pointedAt;
        _scrolledAway = scrolledAway;
        _rows.Held = pointedAt || scrolledAway;
        _rows.Offer(Items, Rows, KeyOf);
    }

    private void ShowNew() => _rows.ShowNew(Items, Rows);
}
