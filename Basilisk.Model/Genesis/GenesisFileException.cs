namespace Basilisk.Model.Genesis;

/// <summary>A network's file is missing.</summary>
public sealed class GenesisFileMissingException(string file)
    : Exception($"{file} is missing. Make it again with `./basilisk genesis repair --data DIR`, or restore it from a backup.")
{
    public string File { get; } = file;
}

/// <summary>A network's file does not hold what its manifest or the network's parameters name.</summary>
public sealed class GenesisFileCorruptException(string file, string expected, string found)
    : Exception($"{file} is damaged: expected {expected}, found {found}. Make it again with `./basilisk genesis repair --data DIR`, or restore it from a backup.")
{
    public string File { get; } = file;

    /// <summary>The root or hash that was expected, or what was expected in its place.</summary>
    public string Expected { get; } = expected;

    public string Found { get; } = found;
}
