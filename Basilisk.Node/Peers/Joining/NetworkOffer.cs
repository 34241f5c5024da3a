using System.Text;
using Basilisk.Chain.Parameters;
using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Corpora;
using Basilisk.Exact.Shapes;
using Basilisk.Model.Genesis;
using Basilisk.Node.Failures;
using Basilisk.Node.Genesis;
using Basilisk.Node.Peers.Messages;

namespace Basilisk.Node.Peers.Joining;

/// <summary>A network as peers describe it: not believed until its parameters have the hash that their handshake named.</summary>
/// <param name="Description">Bytes of <c>network.json</c>.</param>
/// <param name="Manifest">Bytes of <c>genesis.json</c>.</param>
/// <param name="File">The description.</param>
/// <param name="Roots">What the manifest names.</param>
internal sealed record NetworkOffer(ReadOnlyMemory<byte> Description, ReadOnlyMemory<byte> Manifest, NetworkFile File, GenesisRoots Roots)
{
    /// <summary>Most tokens and weights that are taken; 2 GiB arrays are the framework's end anyway.</summary>
    private const int MostEntries = 1 << 29;

    /// <summary>Reads what a peer sent; null where it is none.</summary>
    public static NetworkOffer? TryRead(NetworkDescription answer)
    {
        try
        {
            return new NetworkOffer(
                answer.Description,
                answer.Manifest,
                NetworkFolder.Parse(NetworkFolder.ParametersFile, Encoding.UTF8.GetString(answer.Description.Span)),
                GenesisRoots.Parse(GenesisFolder.ManifestFile, answer.Manifest.ToArray()));
        }
        catch (Exception error) when (error is NetworkFileUnreadableException or GenesisFileCorruptException)
        {
            return null; // The peer is left; its description was refused whole.
        }
    }

    /// <summary>Parameters and sizes that follow from the first chunks of corpus and checkpoint; null where these are none or the rules would be unsound.</summary>
    public NetworkSizes? TryDerive(ReadOnlySpan<byte> corpusStart, ReadOnlySpan<byte> checkpointStart)
    {
        if (CorpusCodec.ReadHeader(corpusStart, MostEntries, out int holdoutPermille, out int tokens) is not null
            || !CheckpointCodec.TryReadShape(checkpointStart, MostEntries, out ModelShape? shape, out int weights, out _))
        {
            return null;
        }

        try
        {
            var model = new ModelParameters(shape, Roots.Tokenizer, Roots.Corpus, Roots.Seed, Roots.Checkpoint);
            return new NetworkSizes(
                NetworkFolder.Derive(File, model, holdoutPermille),
                CorpusCodec.HeaderSize + ((long)tokens * sizeof(ushort)),
                CheckpointCodec.HeaderSize + ((long)weights * sizeof(int)));
        }
        catch (Exception error) when (error is UnsoundParametersException or UnknownNetworkException)
        {
            return null; // Another version's preset, or none: this version cannot be on that network.
        }
    }
}

/// <param name="Parameters">The network's parameters.</param>
/// <param name="CorpusBytes">Bytes of the corpus.</param>
/// <param name="CheckpointBytes">Bytes of the first checkpoint.</param>
internal sealed record NetworkSizes(NetworkParameters Parameters, long CorpusBytes, long CheckpointBytes);
