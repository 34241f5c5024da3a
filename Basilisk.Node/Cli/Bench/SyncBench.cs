using Basilisk.Chain.Assembly;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Forks;
using Basilisk.Chain.Hashing;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.ProofOfWork;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Rounds;
using Basilisk.Chain.Settlement;
using Basilisk.Chain.Signatures;
using Basilisk.Chain.State;
using Basilisk.Chain.Transactions;
using Basilisk.Chain.Validation;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Mining;
using Basilisk.Node.Peers;

namespace Basilisk.Node.Cli.Bench;

/// <summary>
/// Blocks per second that the rules connect: decoded from their bytes, every header, signature and state root checked; and headers
/// per second that are taken in before their bodies, in batches as peers send them, with what they take in memory.
/// </summary>
internal sealed class SyncBench : IBench
{
    private const int EmptyBlocks = 600;
    private const int FullBlocks = 20;
    private const int Transfers = 200;
    private const int Headers = 10_000;

    public Task RunAsync(BenchRun run, CancellationToken cancellation)
    {
        Measure(run, EmptyBlocks, transfers: 0, cancellation);
        Measure(run, FullBlocks, Transfers, cancellation);
        MeasureHeaders(run, cancellation);
        return Task.CompletedTask;
    }

    private static void Measure(BenchRun run, int blocks, int transfers, CancellationToken cancellation)
    {
        run.Say($"sync: mining {blocks} blocks with {transfers} transfers each");
        using PrivateKey key = PrivateKey.FromBytes(Keccak256.Hash("bench"u8).ToArray());
        var chain = new BenchChain(key);
        byte[][] encoded = chain.Make(blocks, transfers, cancellation);
        double rate = Rate.Of(run.Time, blocks, () => chain.Replay(encoded), cancellation);
        run.Add(new BenchLine("sync", $"{blocks} blocks of {transfers} transfers, empty rounds", rate, "blocks/s"));
        if (transfers > 0)
        {
            run.Add(new BenchLine("sync", $"transfers of the same {blocks} blocks", rate * transfers, "transfers/s"));
        }
    }

    private static void MeasureHeaders(BenchRun run, CancellationToken cancellation)
    {
        run.Say($"sync: mining {Headers} headers");
        using PrivateKey key = PrivateKey.FromBytes(Keccak256.Hash("bench"u8).ToArray());
        var chain = new BenchChain(key);
        BlockHeader[] headers = chain.MakeHeaders(Headers, cancellation);
        run.Add(new BenchLine("sync", $"{Headers} headers checked in batches of {Peers.Messages.Headers.Most}", Rate.Of(run.Time, Headers, () => chain.Take(headers, run.Time), cancellation), "headers/s"));
        long before = GC.GetTotalMemory(forceFullCollection: true);
        HeaderChain held = chain.Take(headers, run.Time);
        run.Add(new BenchLine("sync", "memory of a header kept", (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)held.Count, "B"));
    }

    /// <summary>A chain on the test network's rules. Rewards come only with measured improvement, so the first state gives the miner his money.</summary>
    private sealed class BenchChain
    {
        private readonly PrivateKey _key;
        private readonly ChainRules _rules;
        private readonly ChainState _start;

        public BenchChain(PrivateKey key)
        {
            _key = key;
            var model = new ModelParameters(NetworkPresets.TestShape, Hash256.Zero, Hash256.Zero, Hash256.Zero, Hash256.Zero);
            NetworkParameters parameters = NetworkPresets.Test(model, 1_790_000_000);
            parameters = parameters with
            {
                Caps = parameters.Caps with { Transactions = Transfers, BlockBytes = 1 << 20 },
                Fees = parameters.Fees with { GasLimit = 30_000_000 },
            };
            _rules = new ChainRules(parameters, new KeccakProofOfWork());
            ChainState genesis = ChainState.Genesis(parameters);
            var editor = new StateEditor(genesis.Entries);
            editor.Put(key.Address, Account.Empty with { Balance = (UInt256)1_000_000 * Bsk.Coin });
            StateTree entries = editor.Finish().Tree;
            _start = new ChainState(parameters, ChainHead.Genesis(genesis.Head.Header with { StateRoot = entries.Root }), entries);
        }

        public byte[][] Make(int blocks, int transfers, CancellationToken cancellation)
        {
            var assembler = new BlockAssembler(_rules);
            ChainState state = _start;
            var encoded = new byte[blocks][];
            for (int i = 0; i < blocks; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                ulong nonce = state.Account(_key.Address).Nonce;
                CandidateTransaction[] candidates = [.. Enumerable.Range(0, transfers).Select(n => new CandidateTransaction(Transfer(nonce + (ulong)n)))];
                ulong time = state.Head.Header.Time + _rules.Parameters.Difficulty.BlockInterval;
                BlockTemplate template = assembler.Build(state, _key.Address, candidates, time, Outcome(state));
                if (!template.Skipped.IsEmpty)
                {
                    throw new InvalidOperationException($"A transfer does not apply: {template.Skipped[0].Refusal}");
                }

                Block block = Seal(template);
                state = Connect(state, block);
                encoded[i] = BlockCodec.Encode(block);
            }

            return encoded;
        }

        public BlockHeader[] MakeHeaders(int count, CancellationToken cancellation)
        {
            var tree = new HeaderTree(_rules, _start.Head);
            HeaderNode tip = tree.Root;
            var headers = new BlockHeader[count];
            for (int i = 0; i < count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                ChainHead head = tip.Head;
                BlockHeader header = head.Header with
                {
                    ParentHash = head.Hash,
                    Height = head.Height + 1,
                    Time = head.Header.Time + _rules.Parameters.Difficulty.BlockInterval,
                    Target = head.NextTarget(_rules.Parameters),
                    Miner = _key.Address,
                    ExtraData = ExtraData.Empty,
                    Nonce = 0,
                };
                ulong nonce = new HeaderSearch(header.PrefixForMining()).Search(0, 1 << 20, header.Target.ToTarget())
                    ?? throw new InvalidOperationException("The test network's target was missed a million times.");
                headers[i] = header with { Nonce = nonce };
                tip = tree.AddProven(headers[i]).Value;
            }

            return headers;
        }

        /// <summary>Takes headers into a chain of their own, decoded from their bytes.</summary>
        public HeaderChain Take(BlockHeader[] headers, TimeProvider time)
        {
            var tree = new HeaderTree(_rules, _start.Head);
            var chain = new HeaderChain(_rules, tree, tree.Root, time, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
            foreach (BlockHeader[] batch in headers.Chunk(Peers.Messages.Headers.Most))
            {
                HeaderBatch taken = chain.Add([.. batch.Select(header => HeaderCodec.Decode(header.Encode()).Value)]);
                if (taken.Refusal is { } refusal)
                {
                    throw new InvalidOperationException($"The bench's own header was refused: {refusal}");
                }
            }

            return chain;
        }

        public void Replay(byte[][] encoded)
        {
            ChainState state = _start;
            foreach (byte[] bytes in encoded)
            {
                state = Connect(state, BlockCodec.Decode(bytes, _rules.Parameters.Caps).Value);
            }
        }

        private ChainState Connect(ChainState state, Block block)
        {
            Verdict<ConnectedBlock> verdict = _rules.Connect(state, block, Outcome(state));
            return verdict.TryGet(out ConnectedBlock? connected, out Refusal? refusal)
                ? connected.State
                : throw new InvalidOperationException($"The bench's own block was refused: {refusal}");
        }

        private RoundOutcome? Outcome(ChainState state) => _rules.NeedsOutcome(state)
            ? RoundOutcome.Empty(state.NextRound, state.ModelRoot, EvaluationSeed.Known(state) ?? throw new InvalidOperationException("The round's seed is not known at its end."))
            : null;

        private Transaction Transfer(ulong nonce) => UnsignedTransaction.DynamicFee(
            _rules.Parameters.ChainId, nonce, Bsk.Gwei, (UInt256)1_000_000 * Bsk.Gwei, 21_000, _key.Address, UInt256.Zero).Sign(_key);

        private static Block Seal(BlockTemplate template)
        {
            UInt256 target = template.Block.Header.Target.TryDecode(out UInt256 decoded) ? decoded : throw new InvalidOperationException("The template's target is not canonical.");
            var search = new HeaderSearch(template.Block.Header.PrefixForMining());
            return template.WithNonce(search.Search(0, 1 << 20, target) ?? throw new InvalidOperationException("The test network's target was missed a million times."));
        }
    }
}
