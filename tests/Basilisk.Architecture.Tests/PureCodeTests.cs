using Xunit;

namespace Basilisk.Architecture.Tests;

/// <summary>
/// Validity is a function of bytes: the compiled Exact and Chain contain no floating point, clock, randomness or I/O.
/// </summary>
public sealed class PureCodeTests
{
    public static TheoryData<string> PureAssemblies => new("Basilisk.Exact", "Basilisk.Chain");

    [Theory]
    [MemberData(nameof(PureAssemblies))]
    public void Compiled_code_has_no_floating_point(string assembly)
    {
        Assert.Empty(IlScan.Of(assembly).FloatingPoint());
    }

    [Theory]
    [MemberData(nameof(PureAssemblies))]
    public void Compiled_code_reaches_no_clock_randomness_or_device(string assembly)
    {
        Assert.Empty(IlScan.Of(assembly).BannedMembers());
    }

    [Fact]
    public void The_scan_finds_floats_where_there_are_some()
    {
        Assert.NotEmpty(IlScan.Of("Basilisk.Architecture.Tests").FloatingPoint());
    }

    [Fact]
    public void The_scan_finds_clocks_where_there_are_some()
    {
        Assert.Contains(IlScan.Of("Basilisk.Architecture.Tests").BannedMembers(), found => found.Contains("DateTime", StringComparison.Ordinal));
    }

    // Read by the two tests above, never called: what the scan must find.
    internal static double Float(int x) => Math.Sqrt(x);

    internal static DateTime Clock() => DateTime.UtcNow;
}
