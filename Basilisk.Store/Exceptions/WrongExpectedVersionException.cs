namespace Basilisk.Store;

/// <summary>The stream moved on since the caller looked.</summary>
public sealed class WrongExpectedVersionException(string stream, long expected, long actual)
    : StoreException($"Stream '{stream}' is at version {actual}, not at {expected}. Read the events since, decide again, then append.")
{
    public string Stream { get; } = stream;

    public long Expected { get; } = expected;

    public long Actual { get; } = actual;
}
