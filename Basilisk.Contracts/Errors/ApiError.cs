namespace Basilisk.Contracts.Errors;

/// <summary>What every refused REST request answers: a stable token to match on, a sentence for a person, and an id to quote.</summary>
/// <param name="Token">One of <see cref="ErrorTokens"/>, or a rejection token of the chain's rules.</param>
/// <param name="Message">What was wrong and what to do next.</param>
/// <param name="RequestId">Found in the node's log beside the same request.</param>
public sealed record ApiError(string Token, string Message, string RequestId);

/// <summary>Tokens of the REST surface that do not come from the chain's rules.</summary>
public static class ErrorTokens
{
    public const string NotFound = "not-found";
    public const string BadParameter = "bad-parameter";
    public const string BodyTooLarge = "body-too-large";
    public const string NotReady = "not-ready";
    public const string MethodNotAllowed = "method-not-allowed";
    public const string ControlNotLocal = "control-not-local";
    public const string ControlToken = "control-token";
    public const string Internal = "internal";
}
