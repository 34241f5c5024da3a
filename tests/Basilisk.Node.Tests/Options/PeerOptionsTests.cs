using Basilisk.Node.Failures;
using Basilisk.Node.Options;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Transport;
using Xunit;

namespace Basilisk.Node.Tests.Options;

public sealed class PeerOptionsTests
{
    [Theory]
    [InlineData(256)]
    [InlineData(16 << 20)]
    public void Rates_of_upload_within_their_bounds_are_taken(int kib) => new PeerOptions { UploadKib = kib, UploadPerPeerKib = kib }.Validate();

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    [InlineData((16 << 20) + 1)]
    public void A_rate_of_upload_beyond_its_bounds_is_refused_with_them(int kib)
    {
        var all = Assert.Throws<SettingOutOfRangeException>(() => new PeerOptions { UploadKib = kib }.Validate());
        Assert.Contains("(--upload)", all.Message, StringComparison.Ordinal);
        Assert.Contains("between 256 and 16777216", all.Message, StringComparison.Ordinal);
        var one = Assert.Throws<SettingOutOfRangeException>(() => new PeerOptions { UploadPerPeerKib = kib }.Validate());
        Assert.Contains("(--upload-per-peer)", one.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(256)]
    [InlineData(4096)]
    [InlineData(128 * 1024)]
    public void Lists_are_cut_so_that_as_many_peers_as_a_node_has_are_answered_in_time_at_any_rate(int kib)
    {
        var options = new PeerOptions { UploadKib = kib };
        double seconds = (options.Inbound + options.Outbound) * (double)options.AnswerBytes / (kib * 1024L);
        Assert.InRange(seconds, 0, new TransportLimits().Answer.TotalSeconds);
    }

    [Fact]
    public void By_default_answers_are_as_large_as_the_protocol_allows() => Assert.Equal(MessageCaps.BulkBytes, new PeerOptions().AnswerBytes);
}
