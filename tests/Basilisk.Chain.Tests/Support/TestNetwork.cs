using Basilisk.Chain.Hashing;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Signatures;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Payloads;
using Basilisk.Exact.Shapes;

namespace Basilisk.Chain.Tests.Support;

/// <summary>The test preset with made-up roots, keys by number, and small payloads.</summary>
internal static class TestNetwork
{
    public const ulong GenesisTime = 1_790_000_000;

    public static ModelShape Shape { get; } = NetworkPresets.TestShape;

    public static NetworkParameters Parameters { get; } = NetworkPresets.Test(Model(Shape), GenesisTime);

    public static int WeightCount { get; } = Shape.ParameterCount;

    public static ModelParameters Model(ModelShape shape) =>
        new(shape, HashOf("tokenizer"), HashOf("corpus"), HashOf("seed"), HashOf("first checkpoint"));

    public static Hash256 HashOf(string text) => Keccak256.Hash(System.Text.Encoding.UTF8.GetBytes(text));

    public static PrivateKey Key(int number) => PrivateKey.FromBytes(HashOf($"key {number}").ToArray());

    /// <summary>A valid payload; different numbers give different ones.</summary>
    public static byte[] Payload(int number) => PayloadCodec.Encode(
        new SparseDelta(WeightCount, [number % WeightCount, WeightCount - 1], [1 + (number % 7), -1]),
        Parameters.Payload);
}
