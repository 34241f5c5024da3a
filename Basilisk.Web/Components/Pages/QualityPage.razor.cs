using System.Globalization;
using Basilisk.Contracts.Model;
using Basilisk.Web.Charts;
using Basilisk.Web.Nodes;
using Microsoft.AspNetCore.Components;

namespace Basilisk.Web.Components.Pages;

public sealed partial class QualityPage : NodePage
{
    /// <summary>Points asked of the node: all there are in a year of one round an hour.</summary>
    internal const int MostPoints = 10_000;

    private NodeReply<QualityPoint[]> _quality = null!;
    private NodeReply<PrimerPoint[]> _primer = null!;
    private QualityView _view = null!;

    [SupplyParameterFromQuery]
    private string? Axis { get; set; }

    [SupplyParameterFromQuery]
    private string? Unit { get; set; }

    [SupplyParameterFromQuery]
    private string? Smooth { get; set; }

    [SupplyParameterFromQuery]
    private int? Last { get; set; }

    /// <summary>Kind of question drawn beside the whole benchmark.</summary>
    [SupplyParameterFromQuery]
    private string? Kind { get; set; }

    protected override async Task Load()
    {
        _view = QualityView.Read(Axis, Unit, Smooth, Last);
        var primer = Node.Primer(Stop);
        _quality = Settle(await Node.Quality(MostPoints, Stop));
        _primer = await primer;
    }

    private static string Link(QualityView view) => string.Create(
        CultureInfo.InvariantCulture, $"/quality?axis={view.Axis}&unit={view.Unit}&smooth={view.Smooth}&last={view.Last}");
}
