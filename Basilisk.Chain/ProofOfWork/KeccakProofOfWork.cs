using Basilisk.Chain.Blocks;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.ProofOfWork;

/// <summary>Keccak-256 of the header: the block hash itself. Any Ethereum library can check it.</summary>
public sealed class KeccakProofOfWork : IProofOfWork
{
    /// <summary>Its name in a network's parameters.</summary>
    public const string FunctionName = "keccak-256";

    public static KeccakProofOfWork Instance { get; } = new();

    public string Name => FunctionName;

    public Hash256 Compute(BlockHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        return header.Hash;
    }
}
