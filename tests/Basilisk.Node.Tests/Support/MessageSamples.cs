using System.Collections.Immutable;
using System.Net;
using System.Numerics;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Difficulty;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Signatures;
using Basilisk.Chain.Transactions;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Peers.Messages;

namespace Basilisk.Node.Tests.Support;

/// <summary>Random messages of every kind, the same for the same seed. They are well-formed; what they say makes no sense.</summary>
internal sealed class MessageSamples(int seed)
{
    private static readonly PrivateKey Key = TestNode.KeyOf(7);
    private static readonly ImmutableArray<Transaction> Signed = [.. Enumerable.Range(0, 8).Select(Sign)];

    private readonly Random _random = new(seed);

    public static NetworkParameters Parameters => TestNetwork.Instance.Parameters;

    public static ImmutableArray<MessageKind> Kinds { get; } = [.. Enum.GetValues<MessageKind>()];

    public PeerMessage Next(MessageKind kind) => kind switch
    {
        MessageKind.Hello => SomeHello(),
        MessageKind.Goodbye => new Goodbye(Text(20), Text(Goodbye.DetailLength)),
        MessageKind.Ping => new Ping(Number()),
        MessageKind.Pong => new Pong(Number()),
        MessageKind.GetAddresses => new GetAddresses(Number()),
        MessageKind.Addresses => new Addresses(Number(), Many(20, Address)),
        MessageKind.GetHeaders => new GetHeaders(Number(), Hashes(GetHeaders.MostLocator), Hash()),
        MessageKind.Headers => new Headers(Number(), Many(20, Header)),
        MessageKind.NewTransactions => new NewTransactions(Hashes(50)),
        MessageKind.GetTransactions => new GetTransactions(Number(), Hashes(GetTransactions.Most)),
        MessageKind.Transactions => new Transactions(Number(), Many(5, () => new RelayedTransaction(Transaction(), _random.Next(2) == 0 ? default(ReadOnlyMemory<byte>?) : Bytes(100)))),
        MessageKind.NewBlock => new NewBlock(Header(), Hashes(40), Hashes(4)),
        MessageKind.GetBlockParts => new GetBlockParts(Number(), Hash(), Places(40), Places(4)),
        MessageKind.BlockParts => new BlockParts(Number(), Many(5, Transaction), Many(4, () => Bytes(200))),
        MessageKind.GetBlocks => new GetBlocks(Number(), Hashes(GetBlocks.Most)),
        MessageKind.Blocks => new Blocks(Number(), Many(3, Block)),
        MessageKind.GetMempool => new GetMempool(),
        MessageKind.GetSnapshot => new GetSnapshot(Number()),
        MessageKind.SnapshotOffer => new SnapshotOffer(Number(), Hash(), Number(), Small()),
        MessageKind.GetStateChunk => StateRequest(),
        MessageKind.StateChunk => State(),
        MessageKind.GetData => new GetData(Number(), (DataKind)_random.Next(1, 4), Hash(), Small()),
        MessageKind.DataChunk => new DataChunk(Number(), Small(), 2 + (Small() / 2), Bytes(DataChunk.MostBytes), Hashes(DataChunk.MostSiblings)),
        MessageKind.GetNetwork => new GetNetwork(Number()),
        MessageKind.NetworkDescription => new NetworkDescription(Number(), Bytes(500), Bytes(500)),
        MessageKind.NotServed => new NotServed(Number(), Text(NotServed.TokenLength)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A kind without samples."),
    };

    public Hello SomeHello() => new(
        Small(), Hash(), Hash(), Number(), new UInt256(Number()) << _random.Next(193), (PeerServices)Small(), (ushort)_random.Next(65536), Number(), Text(Hello.AgentLength));

    public Hash256 Hash() => new(Bytes(Hash256.Size, exactly: true).Span);

    public ImmutableArray<Hash256> Hashes(int most) => Many(most, Hash);

    public Block Block() => new(Header(), Many(4, Transaction), Many(3, () => Bytes(200)));

    public BlockHeader Header() => new(
        Small(), Hash(), Number(), Number(), new CompactTarget(Small()), Key.Address, Hash(), Hash(), Hash(), Hash(), Hash(), new ExtraData(Bytes(32).Span), Number());

    public Transaction Transaction() => Signed[_random.Next(Signed.Length)];

    private static Transaction Sign(int nonce) => UnsignedTransaction.DynamicFee(
        Parameters.ChainId, (ulong)nonce, Bsk.Gwei, (UInt256)10 * Bsk.Gwei, 21_000, Key.Address, (UInt256)nonce, Array.Empty<byte>()).Sign(Key);

    private AdvertisedAddress Address() =>
        new(new IPEndPoint(new IPAddress(Bytes(_random.Next(2) == 0 ? 4 : 16, exactly: true).Span), _random.Next(1, 65536)), (PeerServices)Small(), Number());

    private GetStateChunk StateRequest()
    {
        int bits = _random.Next(257);
        var ones = bits == 0 ? BigInteger.Zero : ((BigInteger.One << bits) - 1) << (256 - bits);
        BigInteger key = new BigInteger(Hash().ToArray(), isUnsigned: true, isBigEndian: true) & ones;
        return new GetStateChunk(Number(), Hash(), new Hash256(((UInt256)key).ToBigEndian()), (uint)bits);
    }

    private StateChunk State() => _random.Next(5) == 0
        ? new StateChunk(Number(), true, [], Hashes(9))
        : new StateChunk(
            Number(),
            false,
            [.. Hashes(20).Order().Distinct().Select(key => new KeyValuePair<Hash256, ReadOnlyMemory<byte>>(key, Bytes(StateChunk.MostValueBytes)))],
            Hashes(256));

    private ImmutableArray<uint> Places(int most) => [.. Many(most, Small).Order().Distinct()];

    private ImmutableArray<T> Many<T>(int most, Func<T> one) => [.. Enumerable.Range(0, _random.Next(most + 1)).Select(_ => one())];

    private ReadOnlyMemory<byte> Bytes(int most, bool exactly = false)
    {
        var bytes = new byte[exactly ? most : _random.Next(most + 1)];
        _random.NextBytes(bytes);
        return bytes;
    }

    private string Text(int most) => new([.. Enumerable.Range(0, _random.Next(most + 1)).Select(_ => (char)_random.Next(' ', '~' + 1))]);

    // Of every width, so that each length of a canonical integer is met.
    private ulong Number() => (ulong)_random.NextInt64(long.MinValue, long.MaxValue) >> _random.Next(65 - 1);

    private uint Small() => (uint)_random.NextInt64(1L << 32) >> _random.Next(32);
}
