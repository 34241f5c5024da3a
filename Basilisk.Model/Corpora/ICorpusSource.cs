namespace Basilisk.Model.Corpora;

/// <summary>Where the documents of a network's corpus come from. Reading twice gives the same documents in the same order.</summary>
public interface ICorpusSource
{
    /// <summary>What to call it in a message to people.</summary>
    string Name { get; }

    /// <summary>Every document, in the one order.</summary>
    IEnumerable<CorpusDocument> Read(CancellationToken cancellation);
}
