using System.Globalization;
using Basilisk.Chain.Difficulty;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.State;
using Basilisk.Chain.Tests.Support;
using Basilisk.Testing;
using Xunit;

namespace Basilisk.Chain.Tests.Difficulty;

public sealed class AsertTests
{
    private const uint Interval = 600;
    private const uint HalfLife = 172_800;

    private static readonly CompactTarget Limit = new(0x1D00_FFFF);

    [Theory]
    [InlineData("asert/run01")]
    [InlineData("asert/run05")]
    public void Published_vectors_give_their_targets(string file)
    {
        string[] lines = File.ReadAllLines(VectorFiles.InRepository(file));
        var anchor = new AsertAnchor(
            ulong.Parse(Named(lines, "anchor height"), CultureInfo.InvariantCulture),
            long.Parse(Named(lines, "anchor ancestor time"), CultureInfo.InvariantCulture),
            new CompactTarget(Bits(Named(lines, "anchor nBits"))));
        int checkedLines = 0;
        foreach (string line in lines.Where(line => line.Length > 0 && line[0] != '#'))
        {
            string[] fields = line.Split(' ');
            ulong height = ulong.Parse(fields[1], CultureInfo.InvariantCulture);
            ulong time = ulong.Parse(fields[2], CultureInfo.InvariantCulture);
            CompactTarget next = Asert.Next(anchor, height, time, Interval, HalfLife, Limit);
            Assert.Equal(new CompactTarget(Bits(fields[3])), next);
            checkedLines++;
        }

        Assert.True(checkedLines >= 4);
    }

    [Fact]
    public void On_schedule_the_target_stays_the_anchors()
    {
        NetworkParameters parameters = NetworkPresets.Dev(TestNetwork.Model(NetworkPresets.DevShape), 1_000_000);
        for (ulong height = 0; height < 100; height++)
        {
            CompactTarget next = Asert.Next(parameters, height, 1_000_000 + (height * 5));
            Assert.Equal(parameters.Difficulty.InitialTarget, next);
        }
    }

    [Fact]
    public void A_half_life_behind_schedule_doubles_the_target_and_ahead_halves_it()
    {
        NetworkParameters parameters = NetworkPresets.Dev(TestNetwork.Model(NetworkPresets.DevShape), 1_000_000);
        var initial = parameters.Difficulty.InitialTarget.ToTarget();
        Assert.Equal(CompactTarget.FromTarget(initial * 2), Asert.Next(parameters, 100, 1_000_000 + 500 + 120));
        Assert.Equal(CompactTarget.FromTarget(initial / 2), Asert.Next(parameters, 100, 1_000_000 + 500 - 120));
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 40)]
    public void Far_behind_schedule_the_target_is_the_limit(ulong time)
    {
        NetworkParameters parameters = NetworkPresets.Dev(TestNetwork.Model(NetworkPresets.DevShape), 1_000_000);
        Assert.Equal(parameters.Difficulty.LimitTarget, Asert.Next(parameters, 1, time));
    }

    [Fact]
    public void Far_ahead_of_schedule_the_target_is_one()
    {
        CompactTarget next = Asert.Next(new AsertAnchor(0, 0, Limit), ulong.MaxValue / 1000, 0, Interval, HalfLife, Limit);
        Assert.Equal(new CompactTarget(0x0101_0000), next);
    }

    [Fact]
    public void After_a_night_without_miners_the_chain_is_a_half_life_behind_and_no_more()
    {
        NetworkParameters parameters = TestNetwork.Parameters with { Difficulty = TestNetwork.Parameters.Difficulty with { BlockInterval = 5, HalfLife = 120, InitialTarget = new CompactTarget(0x1E16_5E9F) } };
        ChainHead head = ChainState.Genesis(parameters).Head;
        ulong time = parameters.GenesisTime;
        for (int i = 0; i < 100; i++)
        {
            head = Extend(head, parameters, time += 5);
        }

        Assert.Equal(parameters.Difficulty.InitialTarget, head.NextTarget(parameters));
        head = Extend(head, parameters, time += 8 * 3600);
        Assert.Equal(new ChainClock(time, (8 * 3600) - 120), head.Clock);
        UInt256 eased = head.NextTarget(parameters).ToTarget();
        UInt256 initial = parameters.Difficulty.InitialTarget.ToTarget();
        Assert.True(eased > initial && eased < initial * 2, "one half-life less one interval behind");

        // Going back behind the gap, and forth again, changes nothing but the height.
        ChainHead back = Extend(head, parameters, head.EarliestNextTime);
        Assert.Equal(head.Clock, back.Clock);
        ChainHead forth = Extend(back, parameters, time);
        Assert.Equal(head.Clock, forth.Clock);
        Assert.True(back.NextTarget(parameters).ToTarget() > initial);
    }

    private static ChainHead Extend(ChainHead head, NetworkParameters parameters, ulong time) => head.Extend(
        head.Header with { ParentHash = head.Hash, Height = head.Height + 1, Time = time },
        parameters.Difficulty);

    private static string Named(string[] lines, string name) =>
        lines.Single(line => line.Contains(name + ":", StringComparison.Ordinal)).Split(':')[1].Trim();

    private static uint Bits(string text) => uint.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
