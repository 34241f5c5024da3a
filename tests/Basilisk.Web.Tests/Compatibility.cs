using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Basilisk.Web.Tests;

/// <summary>Finds the AngleSharp.Diffing that the project file copied beside the tests.</summary>
internal static class Compatibility
{
#pragma warning disable CA2255 // A test assembly is an application: its module initialiser runs before bUnit asks.
    [ModuleInitializer]
    internal static void Register() => AssemblyLoadContext.Default.Resolving += (context, name) => name.Name == "AngleSharp.Diffing"
        ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, "compat", "AngleSharp.Diffing.dll"))
        : null;
#pragma warning restore CA2255
}
