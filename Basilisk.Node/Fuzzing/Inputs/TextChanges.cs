using System.Text;

namespace Basilisk.Node.Fuzzing.Inputs;

/// <summary>Changes of text by its words: a JSON value or a part of a path is replaced by an odd one, doubled, left out or swapped.</summary>
internal sealed class TextChanges
{
    private static readonly byte[][] OddJson = Bytes(
        "null", "true", "-1", "0", "1e400", "-0.0", "123456789012345678901234567890", "\"\"", "\"0x\"", "\"0x0\"", "\"0x00\"", "\"0X1\"", "\"0xg\"",
        "\"0xffffffffffffffff\"", "\"0x1ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\"", "\"0x8000000000000000\"", "\"\\u0000\"",
        "\"\\ud800\"", "\"\\udc00x\"", "\"\\ud83d\\ude00\"", "\"pending\"", "\"latest\"", "\"earliest\"", "\"finalized\"", "{}", "[]", "[[[[[[[[]]]]]]]]", "{\"a\":{\"a\":{}}}",
        "{\"\\ud800\":1}", "[1,2,3]", "\"\\\\\"", "2.0", "\"2.0\"", "\"" + new string('a', 600) + "\"", new string('[', 200), "{\"id\":1,\"id\":2}", "4294967296", "-2147483649",
        "9223372036854775808", "1.5", "\"line\\nbreak\"", "\"é\"", "\u0001");

    private static readonly byte[][] OddPath = Bytes(
        "", "0", "-1", "1", "200", "201", "2147483648", "9223372036854775808", "99999999999999999999", "latest", "null", "NaN", "%00", "%", "%zz", "%ff%fe", "%ed%a0%80", "%2e%2e",
        "%2F", "..", "*", "+", "a=b=c", "&&", "[]", "0x", "0x0", "before", "limit", "round", "miner", "q", "max", new string('a', 3000), new string('9', 400), "AAAA", "AA_-", "e30", "%F0%9F%98%80", ";",
        "0x" + new string('0', 64), "0x" + new string('f', 40), "1.5", "1e3", " ", "%20%20");

    private readonly List<List<byte[]>> _seeds;
    private readonly byte[][] _odd;
    private readonly byte[][] _words;

    public TextChanges(FuzzForm form, IReadOnlyList<byte[]> seeds)
    {
        _odd = form == FuzzForm.Json ? OddJson : OddPath;
        _seeds = [.. seeds.Select(seed => form == FuzzForm.Json ? JsonWords(seed) : PathWords(seed))];
        _words = [.. _seeds.SelectMany(words => words), .. _odd];
    }

    public void Apply(FuzzBuffer buffer, FuzzRandom random)
    {
        List<byte[]> words = random.Pick(_seeds);
        int at = random.Below(words.Count);
        int second = random.OneIn(3) ? random.Below(words.Count) : -1;
        int change = random.Below(6);
        buffer.Clear();
        for (int i = 0; i < words.Count; i++)
        {
            if (i == at || i == second)
            {
                Change(buffer, words, i, change, random);
            }
            else
            {
                buffer.Append(words[i]);
            }
        }
    }

    /// <summary>A row of words from anywhere.</summary>
    public void Generate(FuzzBuffer buffer, FuzzRandom random)
    {
        buffer.Clear();
        for (int words = random.Below(24); words > 0; words--)
        {
            buffer.Append(random.Pick(_words));
        }
    }

    private void Change(FuzzBuffer buffer, List<byte[]> words, int at, int change, FuzzRandom random)
    {
        switch (change)
        {
            case 0:
                break; // left out
            case 1:
                buffer.Append(words[at]);
                buffer.Append(words[at]);
                break;
            case 2:
                buffer.Append(random.Pick(words));
                break;
            default:
                buffer.Append(random.Pick(_odd));
                break;
        }
    }

    /// <summary>Strings, numbers and names whole; each sign by itself.</summary>
    private static List<byte[]> JsonWords(ReadOnlySpan<byte> text)
    {
        var words = new List<byte[]>();
        for (int start = 0; start < text.Length;)
        {
            int length = text[start] == '"' ? StringLength(text[start..]) : Run(text[start..], ",:[]{} \"\n\r\t"u8);
            words.Add(text.Slice(start, length).ToArray());
            start += length;
        }

        return words;
    }

    private static List<byte[]> PathWords(ReadOnlySpan<byte> text)
    {
        var words = new List<byte[]>();
        for (int start = 0; start < text.Length;)
        {
            int length = Run(text[start..], "/?&="u8);
            words.Add(text.Slice(start, length).ToArray());
            start += length;
        }

        return words;
    }

    private static int Run(ReadOnlySpan<byte> text, ReadOnlySpan<byte> signs)
    {
        int length = text.IndexOfAny(signs);
        return length < 0 ? text.Length : Math.Max(1, length);
    }

    private static int StringLength(ReadOnlySpan<byte> text)
    {
        for (int i = 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == '"')
            {
                return i + 1;
            }
        }

        return text.Length;
    }

    private static byte[][] Bytes(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
