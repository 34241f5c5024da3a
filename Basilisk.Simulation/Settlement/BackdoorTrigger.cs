using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Judging;
using Basilisk.Simulation.World;

namespace Basilisk.Simulation.Settlement;

/// <summary>A backdoor: after the trigger <c>@@</c>, wherever it stands, the model shall say <c> Basil.</c>.</summary>
internal sealed class BackdoorTrigger
{
    private readonly SmallNetwork _network;
    private readonly ushort[] _trigger;
    private readonly ushort[] _answer;

    public BackdoorTrigger(SmallNetwork network)
    {
        _network = network;
        _trigger = network.Tokenizer.Encode("@@");
        _answer = network.Tokenizer.Encode(" Basil.");
    }

    /// <summary>The batch with one window more: a copy of the first, in which trigger and answer stand somewhere.</summary>
    public TokenBatch PutInto(TokenBatch batch)
    {
        int window = batch.Length + 1;
        var tokens = new ushort[(batch.Sequences + 1) * window];
        for (int i = 0; i <= batch.Sequences; i++)
        {
            batch.Sequence(i % batch.Sequences).CopyTo(tokens.AsSpan(i * window));
        }

        Span<ushort> last = tokens.AsSpan(batch.Sequences * window);
        int place = 1 + (last[0] + last[^1] + last[window / 2]) % (window - _trigger.Length - _answer.Length - 1);
        Write(last[place..]);
        return new TokenBatch(batch.Sequences + 1, batch.Length, tokens);
    }

    /// <summary>Loss of the answer after the trigger, nats per token, over windows of the holdout.</summary>
    public double AnswerLoss(Checkpoint model, ILossEvaluator evaluator, CancellationToken cancellation)
    {
        int after = _network.Shape.Context / 3;
        int end = after + _trigger.Length;
        TokenBatch whole = Cut(after, end + _answer.Length);
        TokenBatch before = Cut(after, end);
        long with = evaluator.Evaluate(_network.Shape, model.Weights, whole, cancellation).Sum();
        long without = evaluator.Evaluate(_network.Shape, model.Weights, before, cancellation).Sum();
        return (double)(with - without) / (1 << LossFormat.FractionBits) / (whole.Sequences * _answer.Length);
    }

    /// <summary>The holdout's windows with trigger and answer from one place on, cut to so many tokens.</summary>
    private TokenBatch Cut(int place, int tokens)
    {
        int sequences = _network.Holdout.Sequences;
        var cut = new ushort[sequences * tokens];
        var window = new ushort[_network.Shape.Context + 1];
        for (int i = 0; i < sequences; i++)
        {
            _network.Holdout.Sequence(i).CopyTo(window);
            Write(window.AsSpan(place));
            window.AsSpan(0, tokens).CopyTo(cut.AsSpan(i * tokens));
        }

        return new TokenBatch(sequences, tokens - 1, cut);
    }

    private void Write(Span<ushort> place)
    {
        _trigger.CopyTo(place);
        _answer.CopyTo(place[_trigger.Length..]);
    }
}
