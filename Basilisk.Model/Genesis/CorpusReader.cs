using System.Security.Cryptography;
using System.Text;
using Basilisk.Exact.Hashing;
using Basilisk.Model.Corpora;
using Basilisk.Model.Corpora.Default;
using Basilisk.Model.Tokenization;

namespace Basilisk.Model.Genesis;

/// <summary>Reads a source once: keeps the documents, counts their pieces for the tokenizer, and hashes them.</summary>
internal sealed class CorpusReader : IDisposable
{
    private const int ReportEvery = 4096;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<CorpusDocument> _documents = [];
    private long _bytes;

    public BpeTrainer Trainer { get; } = new();

    public void Read(ICorpusSource source, IProgress<GenesisProgress>? progress, CancellationToken cancellation)
    {
        foreach (CorpusDocument document in source.Read(cancellation))
        {
            _documents.Add(document);
            _hash.AppendData(Encoding.UTF8.GetBytes(document.ToString()));
            foreach (string text in document.Texts)
            {
                _bytes += Encoding.UTF8.GetByteCount(text);
                Trainer.Add(text);
            }

            if (_documents.Count % ReportEvery == 0)
            {
                progress?.Report(new GenesisProgress(GenesisStage.ReadingTexts, _documents.Count, 0));
            }
        }
    }

    public TextStatistics Statistics(string source) =>
        new(source, _documents.Count, _bytes, new Hash256(_hash.GetCurrentHash()));

    /// <summary>
    /// The documents in an order drawn by a fixed seed: the holdout is the corpus' end, and the last file of a folder
    /// would speak for itself only.
    /// </summary>
    public CorpusDocument[] Shuffled()
    {
        CorpusDocument[] documents = [.. _documents];
        var random = new CorpusRandom(seed: 1);
        for (int i = documents.Length - 1; i > 0; i--)
        {
            int j = random.Below(i + 1);
            (documents[i], documents[j]) = (documents[j], documents[i]);
        }

        return documents;
    }

    public void Dispose() => _hash.Dispose();
}
