using System.Text.Json;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Projections.Documents;
using Basilisk.Store.Documents;

namespace Basilisk.Node.Projections;

/// <summary>Which type a collection holds: needed where documents are put back without their writer.</summary>
internal sealed class ProjectionCodec
{
    private static readonly Dictionary<string, Type> TypeOf = new(StringComparer.Ordinal)
    {
        [BlockDocument.Collection] = typeof(BlockDocument),
        [TransactionDocument.Collection] = typeof(TransactionDocument),
        [AccountDocument.Collection] = typeof(AccountDocument),
        [RoundDocument.Collection] = typeof(RoundDocument),
        [ContributionDocument.Collection] = typeof(ContributionDocument),
        [QualityDocument.Collection] = typeof(QualityDocument),
        [PrimerDocument.Collection] = typeof(PrimerDocument),
    };

    public static ProjectionCodec Instance { get; } = new();

    public IReadOnlyList<IndexKey> KeysOf(string collection, string json) =>
        ((IIndexedDocument)JsonSerializer.Deserialize(json, TypeOf[collection], ChainEvents.Json)!).Keys();
}
