using Basilisk.Chain.Blocks;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.ProofOfWork;

/// <summary>
/// The function whose result must not exceed the target. Behind an interface because a proof bound to the model is
/// planned: a network names its function in its parameters.
/// </summary>
public interface IProofOfWork
{
    /// <summary>Name in the network's parameters, e.g. <c>keccak-256</c>.</summary>
    string Name { get; }

    /// <summary>The number to compare with the target, as 32 big-endian bytes.</summary>
    Hash256 Compute(BlockHeader header);
}
