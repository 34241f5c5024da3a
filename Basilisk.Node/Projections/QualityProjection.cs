using Basilisk.Contracts.Model;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Projections.Documents;

namespace Basilisk.Node.Projections;

/// <summary>The model's quality by round: judged losses, and the primer benchmark this node measured.</summary>
public sealed class QualityProjection : ChainProjection
{
    public override string Name => "quality";

    public override int Version => 2;

    private protected override async Task ConnectAsync(BlockConnected connected, DocumentWriter writer, CancellationToken cancellation)
    {
        // A round without contributions is not judged: nothing was measured, so nothing is charted.
        if (connected.Round is not { HoldoutBefore: > 0 } round)
        {
            return;
        }

        BlockFact fact = connected.Fact;
        if (await StartAsync(writer, cancellation) is null && await writer.GetAsync<QualityDocument>(QualityDocument.Collection, SortKey.Number(0), cancellation) is null)
        {
            var genesis = new QualityPoint(-1, 0, round.ModelRoot, round.HoldoutBefore, round.HoldoutBitsPerByteBefore, round.ConfirmationBefore, 0, fact.Time);
            await writer.PutAsync(QualityDocument.Collection, new QualityDocument(genesis), cancellation);
        }

        var point = new QualityPoint(
            round.Number,
            fact.Height + 1,
            round.NextModelRoot,
            round.Settled ? round.HoldoutAfter : round.HoldoutBefore,
            round.Settled ? round.HoldoutBitsPerByteAfter : round.HoldoutBitsPerByteBefore,
            round.Settled ? round.ConfirmationAfter : round.ConfirmationBefore,
            round.Settled ? round.Gain : 0,
            fact.Time);
        await writer.PutAsync(QualityDocument.Collection, new QualityDocument(point), cancellation);
    }

    private protected override Task PrimerAsync(PrimerMeasured measured, DocumentWriter writer, CancellationToken cancellation) => writer.PutAsync(
        PrimerDocument.Collection,
        new PrimerDocument(new PrimerPoint(measured.Round, measured.Height, measured.ModelRoot, measured.Kinds)),
        cancellation);
}
