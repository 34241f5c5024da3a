using System.CommandLine;

namespace Basilisk.Node.Cli.Export;

/// <summary><c>basilisk export</c>: recorded data as files that other programs read.</summary>
internal static class ExportCommand
{
    public static Command Create() => new("export", "Write recorded data as files that other programs read.")
    {
        ExportRounds.Create(),
    };
}
