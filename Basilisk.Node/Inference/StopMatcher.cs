using System.Text;

namespace Basilisk.Node.Inference;

/// <summary>
/// Lets an answer's text through piece by piece, up to the first stop string. What could be the beginning of one waits until the
/// next piece shows whether it is.
/// </summary>
public sealed class StopMatcher(IReadOnlyList<string> stops)
{
    private readonly StringBuilder _waiting = new();

    /// <summary>Whether a stop string was met; nothing comes through any more.</summary>
    public bool Stopped { get; private set; }

    /// <summary>The text that is certain after this piece.</summary>
    public string Feed(string piece)
    {
        if (Stopped)
        {
            return "";
        }

        _waiting.Append(piece);
        string text = _waiting.ToString();
        int first = -1;
        foreach (string stop in stops)
        {
            int at = text.IndexOf(stop, StringComparison.Ordinal);
            first = at >= 0 && (first < 0 || at < first) ? at : first;
        }

        if (first >= 0)
        {
            Stopped = true;
            _waiting.Clear();
            return text[..first];
        }

        int held = stops.Count == 0 ? 0 : stops.Max(stop => Overlap(text, stop));
        _waiting.Clear().Append(text, text.Length - held, held);
        return text[..^held];
    }

    /// <summary>What still waits when the answer ends.</summary>
    public string Finish()
    {
        string rest = _waiting.ToString();
        _waiting.Clear();
        return rest;
    }

    /// <summary>Length of the longest end of the text that begins a stop string.</summary>
    private static int Overlap(string text, string stop)
    {
        for (int length = Math.Min(text.Length, stop.Length - 1); length > 0; length--)
        {
            if (text.AsSpan(text.Length - length).SequenceEqual(stop.AsSpan(0, length)))
            {
                return length;
            }
        }

        return 0;
    }
}
