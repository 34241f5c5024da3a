using Basilisk.Web.Charts;
using Microsoft.AspNetCore.Components;

namespace Basilisk.Web.Components.Controls;

public sealed partial class LineChart
{
    private ChartDrawing _drawing = null!;
    private ChartModel? _drawn;

    [Parameter, EditorRequired]
    public ChartModel Model { get; set; } = null!;

    /// <summary>Height of the plot, CSS pixels.</summary>
    [Parameter]
    public int Height { get; set; } = 260;

    /// <summary>Said in place of lines while there is no point.</summary>
    [Parameter]
    public string Empty { get; set; } = "No points yet.";

    protected override void OnParametersSet()
    {
        if (!ReferenceEquals(_drawn, Model))
        {
            _drawn = Model;
            _drawing = new ChartDrawing(Model);
        }
    }
}
