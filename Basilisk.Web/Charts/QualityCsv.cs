using System.Globalization;
using System.Text;
using Basilisk.Contracts.Model;

namespace Basilisk.Web.Charts;

/// <summary>The charts' numbers as comma-separated values (RFC 4180), invariant dots, one header line.</summary>
public static class QualityCsv
{
    public const string MediaType = "text/csv; charset=utf-8";

    public static string Of(IEnumerable<QualityPoint> points)
    {
        var text = new StringBuilder("round,height,time,holdout_loss_nats,holdout_bits_per_byte,training_loss_nats,gain_nats,model_root\r\n");
        foreach (var point in points)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{point.Round},{point.Height},{point.Time},{point.HoldoutLoss:R},{point.HoldoutBitsPerByte:R},{point.TrainingLoss:R},{point.GainNats:R},{point.ModelRoot}\r\n");
        }

        return text.ToString();
    }

    public static string Of(IEnumerable<PrimerPoint> points)
    {
        var text = new StringBuilder("round,height,kind,correct,total\r\n");
        foreach (var point in points)
        {
            foreach (var score in point.Kinds)
            {
                text.Append(CultureInfo.InvariantCulture, $"{point.Round},{point.Height},{Quoted(score.Kind)},{score.Correct},{score.Total}\r\n");
            }
        }

        return text.ToString();
    }

    private static string Quoted(string field) =>
        field.AsSpan().IndexOfAny(",\"\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
