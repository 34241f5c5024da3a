using System.Buffers.Binary;
using Basilisk.Chain.Assembly;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Hashing;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.ProofOfWork;

namespace Basilisk.Simulation.Chains;

/// <summary>Finds a real nonce; at a simulation's targets a few dozen hashes away.</summary>
internal static class HeaderSealer
{
    public static Block Seal(BlockTemplate template)
    {
        UInt256 target = template.Block.Header.Target.ToTarget();
        KeccakState prefix = default;
        prefix.Absorb(template.Block.Header.PrefixForMining());
        Span<byte> nonceBytes = stackalloc byte[8];
        for (ulong nonce = 0; ; nonce++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(nonceBytes, nonce);
            KeccakState state = prefix;
            state.Absorb(nonceBytes);
            if (Work.Meets(Keccak256.Finish(ref state), target))
            {
                return template.WithNonce(nonce);
            }
        }
    }
}
