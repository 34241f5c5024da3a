using System.Diagnostics.CodeAnalysis;
using Basilisk.Contracts.Errors;

namespace Basilisk.Web.Nodes;

/// <summary>How a question to the node ended.</summary>
public enum ReplyKind
{
    /// <summary>The node answered; there is a value.</summary>
    Answered,

    /// <summary>The node knows nothing under that name.</summary>
    NotFound,

    /// <summary>The node refused, with a token and a sentence.</summary>
    Refused,

    /// <summary>The node could not be reached in time.</summary>
    Offline,
}

/// <summary>An answer of the node, or why there is none. Pages show each case; none is an exception.</summary>
/// <param name="Kind">How it ended.</param>
/// <param name="Value">Set exactly when <paramref name="Kind"/> is <see cref="ReplyKind.Answered"/>.</param>
/// <param name="Error">Set when it is not: a token, a sentence for a person, and an id to quote.</param>
public sealed record NodeReply<T>(ReplyKind Kind, T? Value, ApiError? Error)
    where T : class
{
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Ok => Kind == ReplyKind.Answered;

    public static NodeReply<T> Answered(T value) => new(ReplyKind.Answered, value, null);

    public static NodeReply<T> Failed(ReplyKind kind, ApiError error) => new(kind, null, error);
}
