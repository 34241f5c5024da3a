namespace Basilisk.Store;

/// <summary>
/// Thrown by a projection whose documents cannot follow an event any more. The runner drops them, lets the projection prepare
/// (<see cref="Projections.IProjection.PrepareAsync"/>), and applies every event anew.
/// </summary>
/// <param name="message">What the documents lack.</param>
public sealed class ProjectionOutdatedException(string message) : StoreException(message);
