using Basilisk.Exact.Tokens;
using Basilisk.Node.Inference;
using Xunit;

namespace Basilisk.Node.Tests.Inference;

public sealed class PromptWindowTests
{
    private static readonly TokenizerTable Bytes = TokenizerTable.Create([]);

    [Fact]
    public void Oldest_turns_go_and_the_scene_stays()
    {
        ChatMessage[] chat =
        [
            new(ChatRole.System, "be kind"),
            new(ChatRole.User, "first question"),
            new(ChatRole.Assistant, "first answer"),
            new(ChatRole.User, "second"),
        ];
        ushort[] tokens = PromptWindow.Fit(Bytes, chat, 24);
        Assert.Equal(Bytes.EncodeChat([chat[0], chat[3]], openAnswer: true), tokens);
    }

    [Fact]
    public void A_turn_longer_than_the_room_keeps_its_end_and_its_frame()
    {
        ushort[] tokens = PromptWindow.Fit(Bytes, [new ChatMessage(ChatRole.User, "0123456789")], 8);
        Assert.Equal([SpecialTokens.User, '5', '6', '7', '8', '9', SpecialTokens.End, SpecialTokens.Assistant], tokens);
    }

    [Fact]
    public void A_chat_that_fits_is_left_as_it_is()
    {
        ChatMessage[] chat = [new(ChatRole.User, "hi")];
        Assert.Equal(Bytes.EncodeChat(chat, openAnswer: true), PromptWindow.Fit(Bytes, chat, 5));
    }

    [Theory]
    [InlineData(128, 16, 112)]
    [InlineData(128, 2048, 64)]
    [InlineData(16, 1, 15)]
    public void Room_is_left_for_the_answer_but_at_most_half_the_context(int context, int answer, int room) =>
        Assert.Equal(room, PromptWindow.Room(context, answer));
}
