using Basilisk.Chain.Hashing;
using Basilisk.Chain.Primitives;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.Rounds;

/// <summary>What a miner promises in the train phase without showing it.</summary>
public static class Commitment
{
    /// <summary>
    /// Keccak-256(payload ‖ salt ‖ miner ‖ model root). The salt hides the payload, the address keeps it from being
    /// copied, the root binds it to the checkpoint it was made against.
    /// </summary>
    public static Hash256 Of(ReadOnlySpan<byte> payload, Hash256 salt, Address miner, Hash256 modelRoot)
    {
        Span<byte> rest = stackalloc byte[Hash256.Size + Address.Size + Hash256.Size];
        salt.CopyTo(rest);
        miner.CopyTo(rest[Hash256.Size..]);
        modelRoot.CopyTo(rest[(Hash256.Size + Address.Size)..]);
        return Keccak256.HashJoined(payload, rest);
    }
}
