using System.Numerics;

namespace Basilisk.Exact.Tokens;

/// <summary>
/// From a pair of tokens to the token that replaces it: a hash table with open addressing, at most a quarter full,
/// because this look-up is nearly all of encoding. A lower id is an earlier merge, so the id is also the rank.
/// </summary>
internal sealed class MergeRanks
{
    /// <summary>What an unmergeable pair answers; greater than every token.</summary>
    public const int None = int.MaxValue;

    private readonly uint[] _keys;
    private readonly int[] _tokens; // 0: empty slot (no merge makes token 0)
    private readonly int _shift;

    public MergeRanks(ReadOnlySpan<TokenPair> merges)
    {
        uint capacity = BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, merges.Length * 4));
        _keys = new uint[capacity];
        _tokens = new int[capacity];
        _shift = 32 - BitOperations.Log2(capacity);
        for (int i = 0; i < merges.Length; i++)
        {
            Add(Key(merges[i].Left, merges[i].Right), SpecialTokens.FirstMerge + i);
        }
    }

    /// <summary>The token that replaces the pair, or <see cref="None"/>.</summary>
    public int Find(ushort left, ushort right)
    {
        uint key = Key(left, right);
        for (int slot = Slot(key); ; slot = (slot + 1) & (_keys.Length - 1))
        {
            int token = _tokens[slot];
            if (token == 0)
            {
                return None;
            }

            if (_keys[slot] == key)
            {
                return token;
            }
        }
    }

    private static uint Key(ushort left, ushort right) => ((uint)left << 16) | right;

    private int Slot(uint key) => (int)(unchecked(key * 2654435769u) >> _shift);

    private void Add(uint key, int token)
    {
        int slot = Slot(key);
        while (_tokens[slot] != 0)
        {
            slot = (slot + 1) & (_keys.Length - 1);
        }

        _keys[slot] = key;
        _tokens[slot] = token;
    }
}
