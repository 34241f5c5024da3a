using Basilisk.Store.Documents;
using Basilisk.Store.Events;

namespace Basilisk.Store.Projections;

/// <summary>A projection's transaction: reads see what it wrote before, others see it after the commit.</summary>
public interface IProjectionSession : IDocumentReader
{
    /// <summary>Writes a document of this projection; see <see cref="IDocumentStore.UpsertAsync"/>. Kept until the commit or the next query.</summary>
    void Upsert(string collection, string id, string json, IReadOnlyList<IndexKey>? indices = null);

    /// <summary>Removes a document of this projection.</summary>
    void Delete(string collection, string id);

    /// <summary>Says which event is being applied, so that a failure names it rather than the page's first. Optional.</summary>
    void At(StoredEvent current);
}
