using System.Collections.Immutable;
using Basilisk.Chain.Primitives;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.Transactions;

/// <summary>
/// One entry of a type 2 access list (EIP-2930). Basilisk has no storage to warm up, but wallets may send one: it is
/// part of what is signed and is paid for.
/// </summary>
public sealed record AccessListEntry(Address Address, ImmutableArray<Hash256> StorageKeys)
{
    public bool Equals(AccessListEntry? other) =>
        other is not null && Address == other.Address && StorageKeys.AsSpan().SequenceEqual(other.StorageKeys.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Address, StorageKeys.Length);
}
