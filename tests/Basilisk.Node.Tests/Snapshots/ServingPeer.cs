using System.Net;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Hashing;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Peers;
using Basilisk.Node.Peers.Flows;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;
using Basilisk.Node.Snapshots;
using Basilisk.Node.Tests.Support;

namespace Basilisk.Node.Tests.Snapshots;

/// <summary>A peer without a wire: the answers of another node's serving classes, which a test may change on the way.</summary>
internal sealed class ServingPeer(TestNode node, string name = "peer") : IPeer
{
    private readonly SnapshotServing _snapshots = new(node.Chainstate.Snapshots);
    private readonly DataServing _data = new(node.Network.Artefacts.Corpus, node.Network.Artefacts.Tokenizer, new CheckpointChunks(node.Checkpoints));

    public PeerId Id { get; } = new(Keccak256.Hash(System.Text.Encoding.UTF8.GetBytes(name)));

    public IPEndPoint Remote { get; } = new(IPAddress.Loopback, 1);

    public bool IsInbound => false;

    public Hello Hello { get; } = new(
        Hello.CurrentVersion, node.Network.Parameters.Hash, Hash256.Zero, 0, UInt256.Zero, PeerServices.Blocks | PeerServices.Snapshots, 0, 0, "test");

    public CancellationToken Closed => CancellationToken.None;

    public TimeSpan? RoundTrip => null;

    /// <summary>Changes an answer before the asker sees it.</summary>
    public Func<PeerRequest, PeerAnswer, PeerAnswer> Change { get; set; } = (_, answer) => answer;

    /// <summary>What was asked.</summary>
    public List<PeerRequest> Asked { get; } = [];

    /// <summary>What was reported against the peer.</summary>
    public List<(Offence Offence, string? Token)> Offences { get; } = [];

    public ValueTask SendAsync(PeerMessage message, CancellationToken cancellation) => throw new NotSupportedException("Nothing is sent here but requests.");

    public bool TrySend(PeerMessage message) => throw new NotSupportedException("Nothing is sent here but requests.");

    public async Task<Verdict<TAnswer>> AskAsync<TAnswer>(PeerRequest request, CancellationToken cancellation)
        where TAnswer : PeerAnswer
    {
        lock (Asked)
        {
            Asked.Add(request);
        }

        PeerAnswer answer = Change(request, await AnswerAsync(request, cancellation));
        return answer switch
        {
            TAnswer right => right,
            NotServed none => new Refusal(RefusalKind.Isolation, none.Token, "The peer does not serve it."),
            _ => new Refusal(RefusalKind.Isolation, PeerTokens.WrongAnswer, $"{answer.Kind} for {request.Kind}."),
        };
    }

    public void Report(Offence offence, Refusal? refusal = null)
    {
        lock (Offences)
        {
            Offences.Add((offence, refusal?.Token));
        }
    }

    public void Close(string token, string detail) => throw new NotSupportedException("Nobody closes it here.");

    /// <summary>Blocks of the node that it serves.</summary>
    public IReadOnlyDictionary<Hash256, Block> Blocks { get; set; } = new Dictionary<Hash256, Block>();

    private Task<PeerAnswer> AnswerAsync(PeerRequest request, CancellationToken cancellation) => request switch
    {
        GetBlocks ask => Task.FromResult<PeerAnswer>(
            Blocks.TryGetValue(ask.Hashes[0], out Block? block) ? new Blocks(ask.RequestId, [block]) : new NotServed(ask.RequestId, PeerTokens.NotServed)),
        GetSnapshot ask => _snapshots.AnswerAsync(this, ask, cancellation),
        GetStateChunk ask => _snapshots.AnswerAsync(this, ask, cancellation),
        GetData ask => _data.AnswerAsync(this, ask, cancellation),
        _ => throw new NotSupportedException($"{request.Kind} is not served here."),
    };
}
