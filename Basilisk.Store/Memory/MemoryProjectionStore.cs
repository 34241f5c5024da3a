using Basilisk.Store.Documents;
using Basilisk.Store.Projections;

namespace Basilisk.Store.Memory;

internal sealed class MemoryProjectionStore(MemoryDocuments documents) : IProjectionStore
{
    public Task<IReadOnlyList<ProjectionPosition>> PositionsAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<ProjectionPosition>>([.. documents.Positions.Values]);

    public async Task<IProjectionTransaction> BeginAsync(string name, CancellationToken cancellationToken = default)
    {
        DocumentLimits.CheckName(name, "projection");
        var turn = documents.Turn(name);
        await turn.WaitAsync(cancellationToken);
        return new MemoryProjectionTransaction(name, documents, turn);
    }
}
