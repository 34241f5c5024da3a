namespace Basilisk.Node.Api.Rest;

/// <summary>A request's parameter cannot be read; answered with 400 and the token <c>bad-parameter</c>.</summary>
/// <param name="name">The parameter.</param>
/// <param name="expected">What it must be.</param>
public sealed class BadParameterException(string name, string expected) : Exception($"The parameter '{name}' must be {expected}.");
