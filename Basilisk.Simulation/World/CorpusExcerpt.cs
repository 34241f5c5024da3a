using System.Text;
using Basilisk.Model.Corpora;

namespace Basilisk.Simulation.World;

/// <summary>The first documents of a source, until their texts have so many bytes: enough for a small model, in a second.</summary>
internal sealed class CorpusExcerpt(ICorpusSource source, int textBytes) : ICorpusSource
{
    public string Name => $"{source.Name}, first {textBytes} bytes";

    public IEnumerable<CorpusDocument> Read(CancellationToken cancellation)
    {
        long bytes = 0;
        foreach (CorpusDocument document in source.Read(cancellation))
        {
            yield return document;
            bytes += document.Texts.Sum(text => (long)Encoding.UTF8.GetByteCount(text));
            if (bytes >= textBytes)
            {
                yield break;
            }
        }
    }
}
