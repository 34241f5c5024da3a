using System.Globalization;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.State;
using Basilisk.Model.Genesis;
using Basilisk.Node.Genesis;

namespace Basilisk.Node.Cli.Networks;

/// <summary>A network in words or as JSON: what it is named by, its rules, its model and its texts.</summary>
internal sealed class NetworkDescription(Network network)
{
    public void Print(bool json)
    {
        NetworkParameters rules = network.Parameters;
        GenesisArtefacts artefacts = network.Artefacts;
        if (json)
        {
            JsonLine.Write(new
            {
                @event = "network",
                rules.Name,
                rules.ChainId,
                rules.GenesisTime,
                genesis_hash = GenesisHash,
                parameters_hash = rules.Hash.ToString(),
                block_interval_seconds = rules.Difficulty.BlockInterval,
                round = new { rules.Rounds.Train, rules.Rounds.Reveal, rules.Rounds.Judge, rules.Rounds.UnitLifetime },
                rules.FinalityRounds,
                reward_bsk = Bsk.Format(rules.Rewards.Reward),
                judging = new { rules.Judging.PaidWindows, rules.Judging.ConfirmationWindows, rules.Judging.HoldoutWindows, rules.Judging.HoldoutPermille },
                model = new { weights = Shape.ParameterCount, Shape.Layers, Shape.Width, Shape.Heads, Shape.FeedForward, Shape.Vocabulary, Shape.Context },
                tokenizer_hash = artefacts.Tokenizer.Hash.ToString(),
                corpus_root = artefacts.Corpus.Root.ToString(),
                corpus_tokens = artefacts.Corpus.Count,
                holdout_tokens = artefacts.Corpus.Holdout.Length,
                checkpoint_root = artefacts.Checkpoint.Root.ToString(),
                seed = artefacts.Seed.ToString(),
                text = new { artefacts.Text.Source, artefacts.Text.Documents, artefacts.Text.Bytes, hash = artefacts.Text.Hash.ToString() },
            });
            return;
        }

        foreach ((string name, string value) in Rows())
        {
            Console.Out.WriteLine($"{name,-16} {value}");
        }
    }

    private Exact.Shapes.ModelShape Shape => network.Parameters.Model.Shape;

    private string GenesisHash => ChainState.Genesis(network.Parameters).Head.Header.Hash.ToString();

    private IEnumerable<(string Name, string Value)> Rows()
    {
        NetworkParameters rules = network.Parameters;
        GenesisArtefacts artefacts = network.Artefacts;
        yield return ("name", rules.Name);
        yield return ("chain id", Number(rules.ChainId));
        yield return ("genesis time", DateTimeOffset.FromUnixTimeSeconds((long)rules.GenesisTime).ToString("u", CultureInfo.InvariantCulture));
        yield return ("genesis block", GenesisHash);
        yield return ("parameters", rules.Hash.ToString());
        yield return ("block interval", $"{rules.Difficulty.BlockInterval} s");
        yield return ("round", $"{rules.Rounds.Train} train + {rules.Rounds.Reveal} reveal + {rules.Rounds.Judge} judge heights");
        yield return ("reward", $"{Bsk.Format(rules.Rewards.Reward)} BSK a block, released by measured improvement");
        yield return ("judging", $"{rules.Judging.PaidWindows} paid, {rules.Judging.ConfirmationWindows} confirming, {rules.Judging.HoldoutWindows} holdout windows");
        yield return ("model", $"{Number((ulong)Shape.ParameterCount)} weights: {Shape.Layers} layers, width {Shape.Width}, {Shape.Heads} heads, context {Shape.Context}");
        yield return ("vocabulary", Number((ulong)Shape.Vocabulary));
        yield return ("tokenizer", artefacts.Tokenizer.Hash.ToString());
        yield return ("corpus", artefacts.Corpus.Root.ToString());
        yield return ("corpus size", $"{Number((ulong)artefacts.Corpus.Count)} tokens, of which the last {Number((ulong)artefacts.Corpus.Holdout.Length)} ({rules.Judging.HoldoutPermille} in a thousand) are holdout");
        yield return ("first checkpoint", artefacts.Checkpoint.Root.ToString());
        yield return ("texts", $"{artefacts.Text.Source}: {Number((ulong)artefacts.Text.Documents)} documents, {Number((ulong)artefacts.Text.Bytes)} bytes");
    }

    private static string Number(ulong value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
