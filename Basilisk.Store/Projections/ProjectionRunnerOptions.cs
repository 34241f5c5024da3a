namespace Basilisk.Store.Projections;

/// <summary>Settings of a <see cref="ProjectionRunner"/>.</summary>
public sealed record ProjectionRunnerOptions
{
    /// <summary>Events per transaction: 1 to 10,000. Larger pages rebuild faster and take more memory.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>Pause before trying again when the database does not answer or has no space; above zero.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Called once for each projection that fails while live; to log it.</summary>
    public Action<ProjectionFailedException>? Failed { get; init; }

    /// <summary>Called when a projection waits for the store; to log it.</summary>
    public Action<string, StoreException>? Waiting { get; init; }

    /// <summary>Called when a projection's documents cannot follow the events and are derived anew; to log it.</summary>
    public Action<string, ProjectionOutdatedException>? Outdated { get; init; }

    internal void Validate()
    {
        if (PageSize is < 1 or > 10_000)
        {
            throw new StoreConfigurationException(nameof(PageSize), $"{PageSize} is not between 1 and 10000");
        }
        if (RetryDelay <= TimeSpan.Zero)
        {
            throw new StoreConfigurationException(nameof(RetryDelay), $"{RetryDelay} is not above zero");
        }
    }
}
