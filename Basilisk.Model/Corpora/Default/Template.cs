using System.Globalization;

namespace Basilisk.Model.Corpora.Default;

/// <summary>Fills {0}, {1}… the same way under every culture.</summary>
internal static class Template
{
    public static string Fill(string template, params object[] values) => string.Format(CultureInfo.InvariantCulture, template, values);
}
