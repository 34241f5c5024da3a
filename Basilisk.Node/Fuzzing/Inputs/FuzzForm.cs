namespace Basilisk.Node.Fuzzing.Inputs;

/// <summary>How a format is built, which decides how its inputs are changed.</summary>
public enum FuzzForm
{
    /// <summary>Fixed fields and counted lists.</summary>
    Binary,

    /// <summary>One RLP item, perhaps behind a type byte.</summary>
    Rlp,

    /// <summary>JSON text.</summary>
    Json,

    /// <summary>The path and query of an HTTP request.</summary>
    Path,
}
