namespace Basilisk.Web.Hosting;

/// <summary>Every log line of the portal, with its event id. Ids are stable: operators filter on them.</summary>
internal static partial class PortalLog
{
    [LoggerMessage(1, LogLevel.Information, "Live feed connected to {Node} at sequence {Sequence}")]
    public static partial void LiveConnected(this ILogger logger, Uri node, long sequence);

    [LoggerMessage(2, LogLevel.Warning, "Live feed to {Node} is down: {Problem}; trying again every {Seconds} s, the last data stay on screen")]
    public static partial void LiveLost(this ILogger logger, Uri node, string problem, double seconds);

    [LoggerMessage(3, LogLevel.Information, "Live feed missed messages: expected {Expected}, got {Found}; taking a new snapshot")]
    public static partial void LiveGap(this ILogger logger, long expected, long found);

    [LoggerMessage(4, LogLevel.Warning, "Node did not answer {Path}: {Problem}")]
    public static partial void NodeUnreachable(this ILogger logger, string path, string problem);

    [LoggerMessage(5, LogLevel.Warning, "Node's answer to {Path} could not be read: {Problem}")]
    public static partial void NodeAnswerUnreadable(this ILogger logger, string path, string problem);

    [LoggerMessage(6, LogLevel.Information, "Portal shows {Node} on {Addresses}")]
    public static partial void Listening(this ILogger logger, string node, string addresses);

    [LoggerMessage(7, LogLevel.Error, "A live panel failed to redraw")]
    public static partial void RedrawFailed(this ILogger logger, Exception exception);
}
