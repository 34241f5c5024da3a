using Basilisk.Web.Live;
using Microsoft.AspNetCore.Components;

namespace Basilisk.Web.Components.Controls;

/// <summary>A short list whose head grows. While somebody points at it or has focus in it, it stands still and counts.</summary>
public sealed partial class LiveTable<TItem>
{
    private readonly HeldRows<TItem> _rows = new();

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

    private void Hold() => _rows.Hold();

    private void Release()
    {
        _rows.Release();
        _rows.Offer(Items, Rows, KeyOf);
    }

    private void ShowNew() => _rows.ShowNew(Items, Rows);
}
