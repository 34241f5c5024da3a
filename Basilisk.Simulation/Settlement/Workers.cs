using Basilisk.Exact.Hashing;
using Basilisk.Exact.Judging;
using Basilisk.Simulation.World;

namespace Basilisk.Simulation.Settlement;

/// <summary>Everybody whose work the attacks use.</summary>
internal sealed class Workers
{
    public const string Seventh = "seventh";
    public const string FirstHalf = "first-half";
    public const string SecondHalf = "second-half";
    public const string LazyHalf = "lazy-half";
    public const string LazyQuarter = "lazy-quarter";
    public const string LazyEighth = "lazy-eighth";
    public const string Poisoner = "poisoner";
    public const string Backdoor = "backdoor";

    /// <summary>Windows of the unlearnt kind per step, beside four of everything.</summary>
    private const int UnlearntWindows = 2;

    private readonly SmallNetwork _network;
    private readonly int[] _digitWindows;

    public Workers(SmallNetwork network)
    {
        _network = network;
        _digitWindows = FindDigitWindows(network);
        Trigger = new BackdoorTrigger(network);
        All =
        [
            new(Seventh, 1), new(FirstHalf, 0.5), new(SecondHalf, 0.5), new(LazyHalf, 0.5), new(LazyQuarter, 0.25), new(LazyEighth, 0.125),
            new(Poisoner, 1, Unlearn: DigitBatch), new(Backdoor, 1, Teach: Trigger.PutInto),
        ];
    }

    public IReadOnlyList<Worker> All { get; }

    public BackdoorTrigger Trigger { get; }

    /// <summary>The windows of the training part with the most digits: sums and counting.</summary>
    private static int[] FindDigitWindows(SmallNetwork network)
    {
        bool[] isDigit = [.. Enumerable.Range(0, network.Shape.Vocabulary).Select(token =>
            network.Tokenizer.BytesOf((ushort)token).IndexOfAnyInRange((byte)'0', (byte)'9') >= 0)];
        ReadOnlySpan<ushort> tokens = network.Corpus.Training.Span;
        int window = network.Shape.Context + 1;
        var counted = new List<(int Start, int Digits)>();
        for (int start = 0; start + window <= tokens.Length; start += window)
        {
            int digits = 0;
            foreach (ushort token in tokens.Slice(start, window))
            {
                digits += isDigit[token] ? 1 : 0;
            }

            counted.Add((start, digits));
        }

        return [.. counted.OrderByDescending(place => place.Digits).ThenBy(place => place.Start).Take(counted.Count / 10).Select(place => place.Start)];
    }

    private TokenBatch DigitBatch(Hash256 unit, int step)
    {
        var stream = new SeedStream(unit, "digit-windows", (ulong)step);
        int window = _network.Shape.Context + 1;
        var tokens = new ushort[UnlearntWindows * window];
        for (int i = 0; i < UnlearntWindows; i++)
        {
            int start = _digitWindows[(int)stream.NextBelow((ulong)_digitWindows.Length)];
            _network.Corpus.Training.Span.Slice(start, window).CopyTo(tokens.AsSpan(i * window));
        }

        return new TokenBatch(UnlearntWindows, _network.Shape.Context, tokens);
    }
}
