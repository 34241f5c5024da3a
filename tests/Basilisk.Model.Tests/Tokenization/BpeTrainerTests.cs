using System.Text;
using Basilisk.Exact.Tokens;
using Basilisk.Model.Corpora.Default;
using Basilisk.Model.Tokenization;
using Xunit;

namespace Basilisk.Model.Tests.Tokenization;

public sealed class BpeTrainerTests
{
    [Fact]
    public void The_most_frequent_pair_comes_first_and_ties_go_to_the_lowest_pair()
    {
        TokenizerTable table = Train(263, "cd cd cd ab ab ab ab");
        // " a" and "ab" occur 4 times each, and the space is the lower token; then " ab" 4, then "cd" 3.
        Assert.Equal([new TokenPair(' ', 'a'), new TokenPair(260, 'b'), new TokenPair('c', 'd')], table.Merges.ToArray());
    }

    [Fact]
    public void Merges_are_those_of_the_definition()
    {
        var random = new Random(7);
        for (int round = 0; round < 30; round++)
        {
            string text = string.Concat(Enumerable.Range(0, 400).Select(_ => "aab bc ca1!"[random.Next(11)]));
            Assert.Equal(TrainPlainly(290, text), Train(290, text).Merges.ToArray());
        }
    }

    [Fact]
    public void The_order_of_texts_does_not_matter()
    {
        string[] texts = [.. new DefaultCorpus().Read(CancellationToken.None).Take(3000).SelectMany(document => document.Texts)];
        Assert.Equal(Train(600, texts).Hash, Train(600, [.. texts.Reverse()]).Hash);
    }

    [Fact]
    public void Runs_that_merge_in_two_ways_stay_a_valid_table()
    {
        string text = string.Join(' ', Enumerable.Range(1, 40).Select(length => new string('a', length)));
        TokenizerTable table = Train(400, text, text);
        Assert.True(TokenizerTable.TryDecode(table.ToBytes(), out _, out TokenizerRefusal refusal), refusal.ToString());
        Assert.All(Enumerable.Range(0, table.VocabularySize), token => Assert.True(table.BytesOf((ushort)token).Length <= BpeTrainer.LongestToken));
    }

    [Fact]
    public void Too_little_text_gives_fewer_merges_and_no_error() => Assert.Equal(260, Train(1000, "abc").VocabularySize);

    [Fact]
    public void A_cancelled_training_stops() => Assert.Throws<OperationCanceledException>(() =>
    {
        var trainer = new BpeTrainer();
        trainer.Add("ab ab ab");
        trainer.Train(300, new CancellationToken(canceled: true));
    });

    private static TokenizerTable Train(int size, params string[] texts)
    {
        var trainer = new BpeTrainer();
        foreach (string text in texts)
        {
            trainer.Add(text);
        }

        return trainer.Train(size, CancellationToken.None);
    }

    /// <summary>The definition: count every pair of the whole text anew before each merge.</summary>
    private static TokenPair[] TrainPlainly(int size, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var pieces = new List<List<ushort>>();
        for (int start = 0; start < bytes.Length;)
        {
            int end = PreSplitter.PieceEnd(bytes, start);
            pieces.Add([.. bytes[start..end].Select(value => (ushort)value)]);
            start = end;
        }

        var merges = new List<TokenPair>();
        while (260 + merges.Count < size)
        {
            var best = pieces.SelectMany(piece => piece.Zip(piece.Skip(1), (left, right) => new TokenPair(left, right)))
                .GroupBy(pair => pair)
                .Select(group => (Pair: group.Key, Count: group.Count()))
                .OrderByDescending(entry => entry.Count).ThenBy(entry => entry.Pair.Left).ThenBy(entry => entry.Pair.Right)
                .FirstOrDefault();
            if (best.Count < 2)
            {
                break;
            }

            foreach (List<ushort> piece in pieces)
            {
                for (int i = 0; i + 1 < piece.Count; i++)
                {
                    if (piece[i] == best.Pair.Left && piece[i + 1] == best.Pair.Right)
                    {
                        piece[i] = (ushort)(260 + merges.Count);
                        piece.RemoveAt(i + 1);
                    }
                }
            }

            merges.Add(best.Pair);
        }

        return [.. merges];
    }
}
