using System.Text.Json;
using System.Threading.Channels;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Tokens;
using Basilisk.Model.Inference;
using Basilisk.Model.Primer;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Checkpoints;
using Basilisk.Store;
using Basilisk.Store.Events;

namespace Basilisk.Node.Training;

/// <summary>
/// Asks every new checkpoint the primer benchmark's held-out questions and appends the scores. A measurement of this node, not a
/// rule of the network: answers are sampled in floating point.
/// </summary>
public sealed class PrimerService(
    ChainstateService chainstate, CheckpointStore checkpoints, IEventStore store, TokenizerTable tokenizer, ILogger<PrimerService> log)
{
    /// <summary>Tokens that the questions and their answers take.</summary>
    private const int ShortestContext = 64;

    public async Task RunAsync(CancellationToken stopping)
    {
        if (chainstate.Parameters.Model.Shape.Context < ShortestContext)
        {
            return; // A model this short cannot read the questions.
        }

        // Only the newest checkpoint matters when rounds end faster than questions are answered.
        Channel<ChainView> due = Channel.CreateBounded<ChainView>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        using IDisposable subscription = chainstate.Subscribe(change =>
        {
            if (chainstate.Parameters.Rounds.IsLastOfRound(change.View.State.Height))
            {
                due.Writer.TryWrite(change.View);
            }
        });
        Hash256 last = default;
        await foreach (ChainView view in due.Reader.ReadAllAsync(stopping))
        {
            if (view.State.ModelRoot == last || checkpoints.Find(view.State.ModelRoot) is not { } checkpoint)
            {
                continue;
            }

            try
            {
                PrimerResult result = GreedyAnswers.RunPrimer(tokenizer, new InferenceWeights(checkpoint.Shape, checkpoint.Weights.Span), stopping);
                await RecordAsync(view, result, stopping);
                last = view.State.ModelRoot;
            }
            catch (StoreException error)
            {
                log.PrimerFailed(error);
            }
        }
    }

    private async Task RecordAsync(ChainView view, PrimerResult result, CancellationToken stopping)
    {
        int round = (int)view.Round - 1;
        Contracts.Model.PrimerScore[] kinds = [.. result.Kinds.Select(kind => new Contracts.Model.PrimerScore(kind.Kind, kind.Right, kind.Asked))];
        var measured = new PrimerMeasured(round, view.Height + 1, view.State.ModelRoot.ToString(), kinds);
        long version = await store.StreamVersionAsync(ChainEvents.MeasurementStream, stopping);
        await store.AppendAsync(
            ChainEvents.MeasurementStream,
            version,
            [new NewEvent(ChainEvents.PrimerMeasured, JsonSerializer.Serialize(measured, ChainEvents.Json), typeof(PrimerMeasured).FullName)],
            null,
            stopping);
        log.PrimerMeasured(round, kinds.Sum(kind => kind.Correct), kinds.Sum(kind => kind.Total));
    }
}
