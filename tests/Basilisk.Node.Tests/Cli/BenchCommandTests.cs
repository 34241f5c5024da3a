using System.Text.Json;
using Xunit;

namespace Basilisk.Node.Tests.Cli;

/// <summary>What <c>bench --json</c> prints can be read by a script: one object per line with the promised fields.</summary>
public sealed class BenchCommandTests
{
    [Fact]
    public async Task Every_line_has_the_promised_fields()
    {
        ProgramResult result = await BasiliskProgram.RunAsync("bench", "mine", "--json");
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.NotEmpty(result.Lines);
        foreach (JsonElement line in result.Lines)
        {
            Assert.Equal("mine", line.GetProperty("bench").GetString());
            Assert.Equal("hashes/s", line.GetProperty("unit").GetString());
            Assert.False(string.IsNullOrEmpty(line.GetProperty("metric").GetString()));
            double value = line.GetProperty("value").GetDouble();
            Assert.True(value > 0);
            bool compared = line.GetProperty("baseline").ValueKind == JsonValueKind.Number;
            Assert.Equal(compared, line.GetProperty("ratio").ValueKind == JsonValueKind.Number);
            if (compared)
            {
                Assert.Equal(value / line.GetProperty("baseline").GetDouble(), line.GetProperty("ratio").GetDouble(), 0.01);
            }
        }
    }
}
