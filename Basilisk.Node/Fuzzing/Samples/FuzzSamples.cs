using System.Security.Cryptography;
using System.Text;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Hashing;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Settlement;
using Basilisk.Chain.State;
using Basilisk.Chain.Transactions;
using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Corpora;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Payloads;
using Basilisk.Exact.Shapes;
using Basilisk.Exact.Tokens;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Peers.Messages;
using Basilisk.Wallet.Keystores;

namespace Basilisk.Node.Fuzzing.Samples;

/// <summary>Real values whose encodings are the seeds of a run. Small ones, because a run decodes millions.</summary>
public sealed class FuzzSamples : IAsyncDisposable
{
    /// <summary>Weights, entries per chunk and level bits of the sample payload.</summary>
    public const int PayloadWeights = 4096 + 900;

    /// <summary>Most weights and tokens that the run's decoders are allowed to hold.</summary>
    public const int Most = 1 << 16;

    internal const string KeystorePassword = "correct horse";

    private static readonly ModelShape SmallShape = new(Vocabulary: 64, Width: 8, Layers: 1, Heads: 2, FeedForward: 16, Context: 16, TiedHead: true);

    private FuzzSamples(FuzzNode node) => Node = node;

    internal FuzzNode Node { get; }

    internal NetworkParameters Parameters => Node.Network.Parameters;

    internal MessageCaps Caps => field ??= MessageCaps.Of(Parameters);

    public static PayloadLimits PayloadLimits { get; } = new(entriesPerChunk: 32, levelBits: 4);

    /// <summary>Starts the node that real blocks come from.</summary>
    public static async Task<FuzzSamples> CreateAsync(CancellationToken cancellation) => new(await FuzzNode.StartAsync(cancellation));

    public ValueTask DisposeAsync() => Node.DisposeAsync();

    internal IReadOnlyList<byte[]> Blocks() => [.. Node.Chain.Where(block => block.Transactions.Length > 0).Append(Node.Chain[0]).Select(BlockCodec.Encode)];

    internal IReadOnlyList<byte[]> Headers() => [.. Node.Chain.Select(block => block.Header.Encode())];

    internal IReadOnlyList<byte[]> Outcomes() =>
        [RoundOutcomeCodec.Encode(Node.Outcome), RoundOutcomeCodec.Encode(RoundOutcome.Empty(3, Hash256.Zero, Hash256.Zero))];

    internal IReadOnlyList<byte[]> Transactions() =>
    [
        .. Node.Chain.SelectMany(block => block.Transactions).Select(transaction => transaction.Encode()),
        Legacy().Sign(Node.Key).Encode(),
        (Legacy() with { ChainId = null }).Sign(Node.Key).Encode(),
        Transfer("memo"u8.ToArray()).Encode(),
        Transfer([]).Encode(),
    ];

    internal IReadOnlyList<byte[]> ProtocolCalls() => [new CommitCall(Hash256.Zero, Node.Chain[0].Hash).Encode(), new RevealCall(Hash256.Zero, Node.Chain[0].Hash, Hash256.Zero).Encode()];

    /// <summary>What a block of the chain replaced, with the tip it stood on.</summary>
    internal IReadOnlyList<byte[]> Undos()
    {
        ChainHead head = Node.Services.GetRequiredService<ChainstateService>().Current.State.Head;
        return [new BlockUndo(head.Hash, head, [new ReplacedEntry(Hash256.Zero, null), new ReplacedEntry(head.Hash, [1, 2, 3])]).Encode()];
    }

    internal static IReadOnlyList<byte[]> Payloads()
    {
        int[] indices = [0, 5, 77, 4000, 4095, 4096, 4100, 4990];
        int[] values = [1 << 8, -3 << 8, 8 << 8, -8 << 8, 2 << 8, 5 << 23, -7 << 23, 1 << 23];
        var dense = new SparseDelta(PayloadWeights, [.. Enumerable.Range(0, 32).Select(i => i * 100)], [.. Enumerable.Range(1, 32).Select(i => (i % 8) + 1)]);
        return [PayloadCodec.Encode(new SparseDelta(PayloadWeights, indices, values), PayloadLimits), PayloadCodec.Encode(dense, PayloadLimits)];
    }

    internal static IReadOnlyList<byte[]> Checkpoints() => [CheckpointCodec.Encode(CheckpointInitialiser.Create(SmallShape, Hash256.Zero))];

    internal static IReadOnlyList<byte[]> Corpora() => [CorpusCodec.Encode(new TokenCorpus(300, [.. Enumerable.Range(0, 300).Select(i => (ushort)i)], 20))];

    internal static IReadOnlyList<byte[]> Tokenizers() =>
        [TokenizerTable.Create([new TokenPair(97, 98), new TokenPair(260, 99), new TokenPair(104, 101), new TokenPair(262, 260)]).ToBytes()];

    internal IReadOnlyList<byte[]> Keystores()
    {
        string scrypt = KeystoreV3.Encrypt(Node.Key, KeystorePassword, new ScryptParameters(2, 1, 1), count => [.. Enumerable.Range(0, count).Select(i => (byte)i)]);
        string pbkdf2 = Pbkdf2Keystore();
        return [Encoding.UTF8.GetBytes(scrypt), Encoding.UTF8.GetBytes(pbkdf2)];
    }

    internal static IReadOnlyList<byte[]> NetworkFiles() => Texts(
        """{"preset":"test","name":"test","chainId":13372,"genesisTime":1700000000}""",
        """
        {"preset":"dev","name":"my-net","chainId":7,"genesisTime":1,
         "recipe":{"depth":4,"vocabulary":1024,"context":128,"holdoutPermille":20,"judgingWindows":128,"seed":"0x0000000000000000000000000000000000000000000000000000000000000001"}}
        """);

    internal IReadOnlyList<byte[]> RpcMessages()
    {
        string address = Node.Key.Address.ToString();
        string block = Node.Chain[^1].Hash.ToString();
        string transaction = Node.Chain.SelectMany(mined => mined.Transactions).First().Hash.ToString();
        string raw = "0x" + Convert.ToHexStringLower(Transfer("memo"u8.ToArray()).Encode());
        string[] calls =
        [
            Call("eth_chainId"), Call("eth_blockNumber"), Call("net_version"), Call("web3_clientVersion"), Call("eth_syncing"), Call("eth_gasPrice"), Call("eth_accounts"),
            Call("eth_getBalance", $"\"{address}\"", "\"latest\""), Call("eth_getTransactionCount", $"\"{address}\"", "\"pending\""), Call("eth_getCode", $"\"{address}\"", "\"0x1\""),
            Call("eth_getBlockByNumber", "\"0x1\"", "true"), Call("eth_getBlockByHash", $"\"{block}\"", "false"), Call("eth_getBlockTransactionCountByNumber", "\"latest\""),
            Call("eth_getTransactionByHash", $"\"{transaction}\""), Call("eth_getTransactionReceipt", $"\"{transaction}\""), Call("eth_getTransactionByBlockNumberAndIndex", "\"0x1\"", "\"0x0\""),
            Call("eth_feeHistory", "\"0x4\"", "\"latest\"", "[25,75]"), Call("eth_maxPriorityFeePerGas"), Call("eth_getLogs", "{\"fromBlock\":\"0x0\",\"toBlock\":\"latest\"}"),
            Call("eth_estimateGas", $$"""{"from":"{{address}}","to":"{{address}}","value":"0x1","data":"0x00ff"}"""),
            Call("eth_call", $$"""{"from":"{{address}}","to":"{{address}}","value":"0x1","data":"0x00ff"}""", "\"latest\""),
            Call("eth_sendRawTransaction", $"\"{raw}\""),
        ];
        return Texts([.. calls, "[" + string.Join(",", calls.Take(5)) + "]", """[{"jsonrpc":"2.0","method":"eth_blockNumber"}]"""]);
    }

    internal IReadOnlyList<byte[]> RestPaths()
    {
        string address = Node.Key.Address.ToString();
        string unit = Node.Outcome.Contributions.Length > 0 ? Node.Outcome.Contributions[0].Unit.ToString() : Node.Chain[0].Hash.ToString();
        string transaction = Node.Chain.SelectMany(mined => mined.Transactions).First().Hash.ToString();
        const string Before = "before=MDAwMDAwMDAwMDAwMDAwMDA1AGFi";
        return Texts(
            "/api/status", "/api/network", $"/api/blocks?{Before}&limit=10", "/api/blocks/3", "/api/blocks/latest", $"/api/blocks/{Node.Chain[2].Hash}",
            $"/api/transactions?limit=25&{Before}", $"/api/transactions/{transaction}", $"/api/addresses/{address}", $"/api/addresses/{address}/transactions?limit=5&{Before}",
            $"/api/addresses/{address}/rewards?limit=5", "/api/rounds?limit=3", "/api/rounds/0", $"/api/contributions?round=0&miner={address}&limit=5", $"/api/contributions/{unit}",
            "/api/quality?max=100", "/api/primer?max=3", "/api/leaderboard?limit=100", "/api/search?q=7", $"/api/search?q={address}", $"/api/search?q={transaction}");
    }

    internal static IReadOnlyList<byte[]> ChatBodies() => Texts(
        """
        {"model":"basilisk","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"2+2="}]}],
         "temperature":0.5,"top_p":0.9,"top_k":5,"min_p":0.01,"max_tokens":8,"n":1,"stop":["\n"],"seed":7,"stream":false,"stream_options":{"include_usage":true},
         "logit_bias":{"50":-1.5},"logprobs":true,"top_logprobs":3,"presence_penalty":0.1,"frequency_penalty":0.1}
        """,
        """{"model":"basilisk","messages":[{"role":"user","content":"é\ud83d\ude00"}],"max_completion_tokens":4,"stop":"."}""");

    internal static IReadOnlyList<byte[]> CompletionBodies() => Texts(
        """{"model":"basilisk","prompt":"The capital of","max_tokens":8,"echo":true,"logprobs":2,"best_of":1,"n":1}""",
        """{"model":"basilisk","prompt":["a","b"],"max_tokens":2}""",
        """{"model":"basilisk","prompt":[[97,98],[99]],"seed":-1}""");

    /// <summary>As other wallets write it, with one iteration.</summary>
    private static string Pbkdf2Keystore()
    {
        byte[] salt = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        byte[] cipherText = [.. salt.Reverse()];
        byte[] material = Rfc2898DeriveBytes.Pbkdf2(KeystorePassword, salt, 1, HashAlgorithmName.SHA256, 32);
        Hash256 mac = Keccak256.HashJoined(material.AsSpan(16), cipherText);
        return $$$"""
            {"version":3,"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"{{{Convert.ToHexStringLower(salt.AsSpan(0, 16))}}}"},"ciphertext":"{{{Convert.ToHexStringLower(cipherText)}}}",
             "kdf":"pbkdf2","kdfparams":{"dklen":32,"c":1,"prf":"hmac-sha256","salt":"{{{Convert.ToHexStringLower(salt)}}}"},"mac":"{{{Convert.ToHexStringLower(mac.ToArray())}}}"
            }}
            """;
    }

    private static IReadOnlyList<byte[]> Texts(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    private static string Call(string method, params string[] parameters) =>
        $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":[{{string.Join(",", parameters)}}]}""";

    private Transaction Transfer(byte[] data) => UnsignedTransaction.DynamicFee(
        Parameters.ChainId, 5, Bsk.Gwei, 30 * (UInt256)Bsk.Gwei, 60_000, Node.Key.Address, new UInt256(Bsk.Coin), data).Sign(Node.Key);

    private UnsignedTransaction Legacy() =>
        UnsignedTransaction.Legacy(Parameters.ChainId, 1, 30 * (UInt256)Bsk.Gwei, 60_000, Node.Key.Address, new UInt256(Bsk.Coin), "x"u8.ToArray());
}
