namespace Basilisk.Exact.Tokens;

/// <summary>
/// Merges one piece: again and again the earliest merge that applies anywhere, leftmost first, until none applies.
/// Two ways to the same tokens: a scan over short pieces (nearly all), and a queue over long ones,
/// because a scan takes time in the square of the length and anyone may type a million letters.
/// </summary>
internal static class PieceMerger
{
    /// <summary>Longest piece that is scanned, in bytes.</summary>
    public const int LongestScan = 96;

    /// <summary>Replaces the byte tokens of one piece by merged ones, in place.</summary>
    /// <returns>How many tokens are left, at the front.</returns>
    public static int Merge(Span<ushort> tokens, MergeRanks ranks) =>
        tokens.Length <= LongestScan ? Scan(tokens, ranks) : MergeByQueue(tokens, ranks);

    private static int Scan(Span<ushort> tokens, MergeRanks ranks)
    {
        int count = tokens.Length;
        Span<int> found = stackalloc int[LongestScan]; // found[i]: what tokens i and i + 1 merge to
        for (int i = 0; i + 1 < count; i++)
        {
            found[i] = ranks.Find(tokens[i], tokens[i + 1]);
        }

        while (count > 1)
        {
            int best = MergeRanks.None;
            int at = 0;
            for (int i = 0; i + 1 < count; i++)
            {
                if (found[i] < best)
                {
                    best = found[i];
                    at = i;
                }
            }

            if (best == MergeRanks.None)
            {
                break;
            }

            tokens[at] = (ushort)best;
            tokens[(at + 2)..count].CopyTo(tokens[(at + 1)..]);
            if (at + 2 < count)
            {
                found[(at + 2)..count].CopyTo(found[(at + 1)..]);
            }

            count--;
            if (at > 0)
            {
                found[at - 1] = ranks.Find(tokens[at - 1], tokens[at]);
            }

            if (at + 1 < count)
            {
                found[at] = ranks.Find(tokens[at], tokens[at + 1]);
            }
        }

        return count;
    }

    internal static int MergeByQueue(Span<ushort> tokens, MergeRanks ranks)
    {
        const ushort Gone = SpecialTokens.End; // never in a piece
        int count = tokens.Length;
        int[] previous = new int[count];
        int[] next = new int[count];
        var queue = new PriorityQueue<(int Left, int Right, TokenPair Pair), long>(count);
        for (int i = 0; i < count; i++)
        {
            previous[i] = i - 1;
            next[i] = i + 1;
            if (i + 1 < count)
            {
                Enqueue(tokens, i, i + 1);
            }
        }

        while (queue.TryDequeue(out (int Left, int Right, TokenPair Pair) candidate, out long order))
        {
            (int left, int right, TokenPair pair) = candidate;
            if (tokens[left] != pair.Left || tokens[right] != pair.Right || next[left] != right)
            {
                continue; // an earlier merge took one of the two
            }

            tokens[left] = (ushort)(order >> 32);
            tokens[right] = Gone;
            next[left] = next[right];
            if (next[right] < count)
            {
                previous[next[right]] = left;
                Enqueue(tokens, left, next[right]);
            }

            if (previous[left] >= 0)
            {
                Enqueue(tokens, previous[left], left);
            }
        }

        int kept = 0;
        for (int i = 0; i < count; i = next[i])
        {
            tokens[kept++] = tokens[i];
        }

        return kept;

        void Enqueue(Span<ushort> tokens, int left, int right)
        {
            int token = ranks.Find(tokens[left], tokens[right]);
            if (token != MergeRanks.None)
            {
                queue.Enqueue((left, right, new TokenPair(tokens[left], tokens[right])), ((long)token << 32) | (uint)left);
            }
        }
    }
}
