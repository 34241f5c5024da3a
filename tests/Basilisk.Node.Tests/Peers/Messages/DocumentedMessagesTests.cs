using System.Reflection;
using Basilisk.Node.Peers;
using Basilisk.Node.Peers.Messages;
using Basilisk.Testing;
using Xunit;

namespace Basilisk.Node.Tests.Peers.Messages;

/// <summary>docs/protocol.md is what another implementation is written from.</summary>
public sealed class DocumentedMessagesTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(VectorFiles.RepositoryRoot(), "docs", "protocol.md"));

    public static TheoryData<string> Tokens =>
        [.. typeof(PeerTokens).GetFields(BindingFlags.Public | BindingFlags.Static).Select(token => (string)token.GetRawConstantValue()!)];

    public static TheoryData<MessageKind> Kinds => [.. Enum.GetValues<MessageKind>()];

    [Theory]
    [MemberData(nameof(Tokens))]
    public void Every_token_is_explained(string token) => Assert.Contains($"`{token}`", Text, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_message_stands_with_its_number(MessageKind kind) =>
        Assert.Contains(
            kind switch
            {
                MessageKind.Ping or MessageKind.Pong => "| 2, 3 | Ping, Pong |",
                _ => $"| {(byte)kind} | {kind} |",
            },
            Text,
            StringComparison.Ordinal);
}
