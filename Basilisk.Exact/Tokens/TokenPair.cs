namespace Basilisk.Exact.Tokens;

/// <summary>Two neighbouring tokens that a merge replaces by one.</summary>
public readonly record struct TokenPair(ushort Left, ushort Right);
