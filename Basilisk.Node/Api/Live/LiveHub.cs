using Basilisk.Contracts.Live;
using Microsoft.AspNetCore.SignalR;

namespace Basilisk.Node.Api.Live;

/// <summary>The live feed: a client subscribes, gets a snapshot, and then every delta in order.</summary>
public sealed class LiveHub(LivePublisher publisher) : Hub
{
    /// <summary>
    /// Joins the feed and returns where it starts. A client that misses a number calls this again.
    /// </summary>
    [HubMethodName(LiveMethods.Subscribe)]
    public async Task<LiveSnapshot> SubscribeAsync()
    {
        // Joined first: a delta that is sent while the snapshot is made is in the snapshot too, and its number tells.
        await Groups.AddToGroupAsync(Context.ConnectionId, LivePublisher.Group, Context.ConnectionAborted);
        return await publisher.SnapshotAsync(Context.ConnectionAborted);
    }
}
