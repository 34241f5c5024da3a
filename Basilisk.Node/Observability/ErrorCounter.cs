using Basilisk.Node.Hosting;

namespace Basilisk.Node.Observability;

/// <summary>Counts what was logged as an error, and keeps the database server's own lines in a file of theirs.</summary>
public sealed class ErrorCounter
{
    private readonly Lock _gate = new();
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public void Add() => Interlocked.Increment(ref _count);

    internal void PostgresLine(DataDirectory directory, string line)
    {
        lock (_gate)
        {
            Directory.CreateDirectory(directory.Logs);
            File.AppendAllText(Path.Combine(directory.Logs, "postgres.log"), line + Environment.NewLine);
        }
    }
}
