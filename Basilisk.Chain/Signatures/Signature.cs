using Basilisk.Chain.Primitives;

namespace Basilisk.Chain.Signatures;

/// <summary>An ECDSA signature with what it takes to recover the signer's key.</summary>
/// <param name="R">x of the nonce point modulo n.</param>
/// <param name="S">The proof; Ethereum takes only the lower half (EIP-2).</param>
/// <param name="RecoveryId">Bit 0: y of the nonce point is odd. Bit 1: its x was n or more (one case in 2¹²⁷).</param>
public readonly record struct Signature(UInt256 R, UInt256 S, byte RecoveryId)
{
    /// <summary>Bytes of r ‖ s ‖ recovery id.</summary>
    public const int Size = 65;

    /// <summary>The group order n.</summary>
    public static UInt256 Order { get; } = UInt256.FromBigEndian(Scalar.OrderBytes);

    /// <summary>The greatest s that EIP-2 takes: ⌊n/2⌋.</summary>
    public static UInt256 HalfOrder { get; } = Order >> 1;

    /// <summary>Whether s lies in the half that Ethereum takes.</summary>
    public bool IsLowS => S <= HalfOrder;

    /// <summary>r ‖ s ‖ recovery id, 65 bytes.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        R.WriteBigEndian(bytes);
        S.WriteBigEndian(bytes.AsSpan(32));
        bytes[64] = RecoveryId;
        return bytes;
    }
}
