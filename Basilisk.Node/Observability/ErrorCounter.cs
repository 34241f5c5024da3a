using Basilisk.Node.Hosting;

namespace Basilisk.Node.Observability;

/// <summary>Counts what was logged as an error, and keeps the database server's own lines in a file of theirs.</summary>
public sealed class ErrorCounter
{
    private readonly Lock _gate = new();
    private int _count;
    private int _linesLost;

    public int Count => Volatile.Read(ref _count);

    public void Add() => Interlocked.Increment(ref _count);

    /// <summary>Log lines that could not be written.</summary>
    public int LinesLost => Volatile.Read(ref _linesLost);

    internal void LineLost() => Interlocked.Increment(ref _linesLost);

    // Called on a thread of the server's output: an exception here would end the process.
    internal void PostgresLine(DataDirectory directory, string line)
    {
        lock (_gate)
        {
            try
            {
                Directory.CreateDirectory(directory.Logs);
                File.AppendAllText(Path.Combine(directory.Logs, "postgres.log"), line + Environment.NewLine);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                LineLost();
            }
        }
    }
}
