using System.Text.RegularExpressions;

namespace Basilisk.Store.Postgres;

/// <summary>Settings of a <see cref="PostgresStore"/>.</summary>
public sealed partial record PostgresStoreOptions
{
    /// <summary>Schema that holds the tables: a lower-case letter or underscore, then letters, digits, underscores; up to 40.</summary>
    public string Schema { get; init; } = "basilisk";

    /// <summary>How often a subscription looks by itself, for what no notification announces (an append that was rolled back).</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Connections at most, 4 to 500. Each subscription and each running projection holds one.</summary>
    public int MaxConnections { get; init; } = 24;

    internal void Validate()
    {
        if (!SchemaName().IsMatch(Schema))
        {
            throw new StoreConfigurationException(nameof(Schema), $"'{Schema}' does not match {SchemaName()}");
        }
        if (PollInterval <= TimeSpan.Zero || PollInterval > TimeSpan.FromHours(1))
        {
            throw new StoreConfigurationException(nameof(PollInterval), $"{PollInterval} is not between 0 and 1 hour");
        }
        if (MaxConnections is < 4 or > 500)
        {
            throw new StoreConfigurationException(nameof(MaxConnections), $"{MaxConnections} is not between 4 and 500");
        }
    }

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,39}$", RegexOptions.CultureInvariant)]
    private static partial Regex SchemaName();
}
