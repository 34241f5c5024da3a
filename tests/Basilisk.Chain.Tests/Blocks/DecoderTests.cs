using Basilisk.Chain.Blocks;
using Basilisk.Chain.Settlement;
using Basilisk.Chain.State;
using Basilisk.Chain.Tests.Support;
using Basilisk.Chain.Validation;
using Xunit;

namespace Basilisk.Chain.Tests.Blocks;

/// <summary>What a decoder accepts is the one encoding of something: changed bytes are refused, or are that of something else.</summary>
public sealed class DecoderTests
{
    private const int Rounds = 1_500;

    private readonly Random _random = new(20261122);

    [Fact]
    public void Blocks() => AssertCanonical(
        Step(block => block.Block.Transactions.Length > 0),
        block => BlockCodec.Encode(block.Block),
        bytes => BlockCodec.Decode(bytes, TestNetwork.Parameters.Caps) is { IsRefused: false } verdict ? BlockCodec.Encode(verdict.Value) : null);

    [Fact]
    public void Headers() => AssertCanonical(
        Step(_ => true),
        block => block.Block.Header.Encode(),
        bytes => HeaderCodec.Decode(bytes) is { IsRefused: false } verdict ? verdict.Value.Encode() : null);

    [Fact]
    public void Outcomes() => AssertCanonical(
        Step(block => block.RoundEnd?.Outcome.Contributions.Length > 0),
        block => RoundOutcomeCodec.Encode(block.RoundEnd!.Outcome),
        bytes => RoundOutcomeCodec.Decode(bytes, 4) is { IsRefused: false } verdict ? RoundOutcomeCodec.Encode(verdict.Value) : null);

    [Fact]
    public void Undos() => AssertCanonical(
        Step(block => block.RoundEnd is not null),
        block => block.Undo.Encode(),
        bytes => BlockUndo.Decode(bytes) is { IsRefused: false } verdict ? verdict.Value.Encode() : null);

    private static ConnectedBlock Step(Func<ConnectedBlock, bool> wanted)
    {
        var random = new RandomChain(seed: 3, accounts: 2);
        while (true)
        {
            ConnectedBlock block = random.Step();
            if (wanted(block))
            {
                return block;
            }
        }
    }

    private void AssertCanonical(ConnectedBlock block, Func<ConnectedBlock, byte[]> encode, Func<byte[], byte[]?> decodeAndEncode)
    {
        byte[] original = encode(block);
        Assert.Equal(original, decodeAndEncode(original));
        int refused = 0;
        for (int i = 0; i < Rounds; i++)
        {
            byte[] changed = Changed(original);
            byte[]? again = decodeAndEncode(changed);
            refused += again is null ? 1 : 0;
            Assert.Equal(changed, again ?? changed);
        }

        Assert.InRange(refused, 1, Rounds);
    }

    /// <summary>A few bytes replaced, removed, doubled or cut off.</summary>
    private byte[] Changed(byte[] original)
    {
        var bytes = new List<byte>(original);
        for (int i = _random.Next(1, 4); i > 0; i--)
        {
            int at = _random.Next(bytes.Count);
            switch (_random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)_random.Next(256);
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                case 2:
                    bytes.Insert(at, bytes[at]);
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    bytes.Add((byte)_random.Next(256));
                    break;
            }
        }

        return [.. bytes];
    }
}
