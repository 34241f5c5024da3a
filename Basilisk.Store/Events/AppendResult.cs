namespace Basilisk.Store.Events;

/// <summary>What an append did.</summary>
/// <param name="Version">The stream's version now: expected version + number of events.</param>
/// <param name="FirstSequence">Sequence of the first event appended.</param>
/// <param name="LastSequence">Sequence of the last one. Between the two, other streams' events may lie.</param>
public readonly record struct AppendResult(long Version, long FirstSequence, long LastSequence);
