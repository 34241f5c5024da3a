using Basilisk.Exact.Hashing;

namespace Basilisk.Node.Peers;

/// <summary>Who a peer is: Keccak-256 of its certificate's SubjectPublicKeyInfo. It proves possession by the TLS handshake.</summary>
public readonly record struct PeerId(Hash256 Value) : IComparable<PeerId>
{
    public int CompareTo(PeerId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString();

    /// <summary>The first bytes, for logs and tables.</summary>
    public string Short => Value.ToString()[..10];
}
