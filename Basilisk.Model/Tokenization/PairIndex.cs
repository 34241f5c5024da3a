using Basilisk.Exact.Tokens;

namespace Basilisk.Model.Tokenization;

/// <summary>
/// How often each pair of neighbouring tokens occurs and in which pieces. A merge touches only the pieces that hold its pair,
/// and a heap with late corrections finds the next pair, so learning takes seconds and not a pass over the text per merge.
/// </summary>
internal sealed class PairIndex
{
    private readonly ushort[][] _pieces;
    private readonly long[] _weights;
    private readonly Dictionary<TokenPair, Entry> _entries = [];
    private readonly PriorityQueue<TokenPair, (long NegativeCount, TokenPair Pair)> _heap = new(new FrequentFirst());

    public PairIndex(IReadOnlyDictionary<byte[], long> counts)
    {
        _pieces = new ushort[counts.Count][];
        _weights = new long[counts.Count];
        int index = 0;
        foreach ((byte[] piece, long count) in counts)
        {
            _pieces[index] = [.. piece.Select(value => (ushort)value)];
            _weights[index] = count;
            AddPairs(index);
            index++;
        }

        foreach ((TokenPair pair, Entry entry) in _entries)
        {
            Push(pair, entry.Count);
        }
    }

    /// <summary>Takes the most frequent pair out; a pair taken does not come again unless merging makes it anew.</summary>
    public bool TryTakeMostFrequent(long leastCount, out TokenPair pair)
    {
        while (_heap.TryDequeue(out pair, out (long NegativeCount, TokenPair Pair) order))
        {
            long count = _entries.TryGetValue(pair, out Entry? entry) ? entry.Count : 0;
            if (count < leastCount)
            {
                continue;
            }

            if (count == -order.NegativeCount)
            {
                return true;
            }

            Push(pair, count); // it has become rarer since it was pushed: old pairs never become more frequent
        }

        return false;
    }

    /// <summary>Replaces the pair by one token in every piece that holds it.</summary>
    public void Merge(TokenPair pair, ushort token)
    {
        int[] holders = [.. _entries[pair].Holders];
        var made = new HashSet<TokenPair>();
        foreach (int index in holders)
        {
            ushort[] before = _pieces[index];
            ushort[] after = Replace(before, pair, token);
            if (after.Length == before.Length)
            {
                continue; // an earlier merge broke the pair up in this piece
            }

            RemovePairs(index);
            _pieces[index] = after;
            AddPairs(index);
            for (int i = 0; i + 1 < after.Length; i++)
            {
                if (after[i] == token || after[i + 1] == token)
                {
                    made.Add(new TokenPair(after[i], after[i + 1]));
                }
            }
        }

        _entries.Remove(pair);
        foreach (TokenPair fresh in made)
        {
            Push(fresh, _entries[fresh].Count);
        }
    }

    private static ushort[] Replace(ushort[] piece, TokenPair pair, ushort token)
    {
        var result = new ushort[piece.Length];
        int length = 0;
        for (int i = 0; i < piece.Length; i++)
        {
            if (i + 1 < piece.Length && piece[i] == pair.Left && piece[i + 1] == pair.Right)
            {
                result[length++] = token;
                i++;
            }
            else
            {
                result[length++] = piece[i];
            }
        }

        return result[..length];
    }

    private void AddPairs(int index)
    {
        ushort[] piece = _pieces[index];
        for (int i = 0; i + 1 < piece.Length; i++)
        {
            var pair = new TokenPair(piece[i], piece[i + 1]);
            if (!_entries.TryGetValue(pair, out Entry? entry))
            {
                _entries.Add(pair, entry = new Entry());
            }

            entry.Count += _weights[index];
            entry.Holders.Add(index);
        }
    }

    private void RemovePairs(int index)
    {
        ushort[] piece = _pieces[index];
        for (int i = 0; i + 1 < piece.Length; i++)
        {
            _entries[new TokenPair(piece[i], piece[i + 1])].Count -= _weights[index];
        }
    }

    private void Push(TokenPair pair, long count) => _heap.Enqueue(pair, (-count, pair));

    /// <summary>A pair's count, and the pieces that hold it or once held it.</summary>
    private sealed class Entry
    {
        public long Count { get; set; }

        public HashSet<int> Holders { get; } = [];
    }

    private sealed class FrequentFirst : IComparer<(long NegativeCount, TokenPair Pair)>
    {
        public int Compare((long NegativeCount, TokenPair Pair) x, (long NegativeCount, TokenPair Pair) y)
        {
            int order = x.NegativeCount.CompareTo(y.NegativeCount);
            order = order != 0 ? order : x.Pair.Left.CompareTo(y.Pair.Left);
            return order != 0 ? order : x.Pair.Right.CompareTo(y.Pair.Right);
        }
    }
}
