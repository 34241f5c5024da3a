using System.Text;
using Basilisk.Exact.Tokens;

namespace Basilisk.Model.Corpora.Default;

/// <summary>
/// The text that a network learns from where nobody brings another: chats and stories from a generator, the same on
/// every machine, so that everybody can build the dev network without downloading anything. docs/corpus.md has samples.
/// </summary>
public sealed class DefaultCorpus : ICorpusSource
{
    /// <summary>Documents are written until their texts have this many bytes (UTF-8, without special tokens).</summary>
    public const int TextBytes = 9_000_000;

    private const ulong Seed = 0x4241_5349_4C49_534B; // "BASILISK"

    private const string Scene = "You are a helpful assistant.";

    /// <summary>Kinds of question with their weights: hard and broad ones come more often.</summary>
    private static readonly (IExchangeKind Kind, int Weight)[] Weighted =
    [
        (new GreetingKind(), 10),
        (new AdditionKind(), 14),
        (new SubtractionKind(), 12),
        (new MultiplicationKind(), 8),
        (new ComparisonKind(), 8),
        (new CountingKind(), 8),
        (new SortingKind(), 10),
        (new SpellingKind(), 12),
        (new ReversingKind(), 8),
        (new CalendarKind(), 8),
        (new FactKind(), 12),
        (new BasiliskKind(), 14),
        (new MemoryKind(), 6),
        (new RepeatKind(), 6),
    ];

    private static readonly int TotalWeight = Weighted.Sum(entry => entry.Weight);

    /// <summary>Every kind of question, in the one order that scores are reported in.</summary>
    public static IReadOnlyList<IExchangeKind> Kinds { get; } = [.. Weighted.Select(entry => entry.Kind)];

    public string Name => "default";

    public IEnumerable<CorpusDocument> Read(CancellationToken cancellation)
    {
        var random = new CorpusRandom(Seed);
        for (long bytes = 0; bytes < TextBytes;)
        {
            cancellation.ThrowIfCancellationRequested();
            CorpusDocument document = random.Chance(1, 12) ? StoryWriter.Draw(random) : Chat(random);
            bytes += document.Texts.Sum(text => (long)Encoding.UTF8.GetByteCount(text));
            yield return document;
        }
    }

    private static CorpusDocument Chat(CorpusRandom random)
    {
        var messages = new List<ChatMessage>();
        if (random.Chance(1, 12))
        {
            messages.Add(new ChatMessage(ChatRole.System, Scene));
        }

        int turns = random.Below(10) switch { < 4 => 1, < 7 => 2, < 9 => 3, _ => 4 };
        for (int turn = 0; turn < turns; turn++)
        {
            IExchangeKind kind = turn == 0 && turns > 1 && random.Chance(1, 4) ? Kinds[0] : PickKind(random);
            Exchange exchange = DrawTaught(random, kind);
            messages.AddRange(exchange.Messages.Select(message =>
                message.Role == ChatRole.User ? message with { Text = Wording.Vary(random, message.Text) } : message));
        }

        return CorpusDocument.Chat(messages);
    }

    private static Exchange DrawTaught(CorpusRandom random, IExchangeKind kind)
    {
        Exchange exchange;
        do
        {
            exchange = kind.Draw(random);
        }
        while (HeldOut.Contains(kind, exchange));

        return exchange;
    }

    private static IExchangeKind PickKind(CorpusRandom random)
    {
        int ticket = random.Below(TotalWeight);
        foreach ((IExchangeKind kind, int weight) in Weighted)
        {
            if (ticket < weight)
            {
                return kind;
            }

            ticket -= weight;
        }

        throw new System.Diagnostics.UnreachableException();
    }
}
