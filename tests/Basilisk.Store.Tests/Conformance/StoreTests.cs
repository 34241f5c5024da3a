namespace Basilisk.Store.Tests.Conformance;

/// <summary>Base of the suites that every store must pass.</summary>
public abstract class StoreTests : IAsyncLifetime
{
    protected static readonly DateTimeOffset Start = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1_234_567);

    protected Support.FixedClock Clock { get; } = new(Start);

    protected IStore Store { get; private set; } = null!;

    /// <summary>An empty store on <see cref="Clock"/>.</summary>
    protected abstract Task<IStore> OpenAsync();

    public async ValueTask InitializeAsync() => Store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        if (Store is not null)
        {
            await Store.DisposeAsync();
        }
        GC.SuppressFinalize(this);
    }
}
