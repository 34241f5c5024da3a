using System.Collections.Concurrent;
using Basilisk.Exact.Hashing;

namespace Basilisk.Node.Peers;

/// <summary>Who is getting which block, so that relay and download never ask for one twice. Thread-safe.</summary>
public sealed class BlockClaims
{
    private readonly ConcurrentDictionary<Hash256, object> _owners = new();

    /// <summary>Raised after a claim ended.</summary>
    public event Action? Released;

    /// <summary>False where somebody else has it.</summary>
    public bool TryClaim(Hash256 block, object owner) => _owners.GetOrAdd(block, owner) == owner;

    public bool IsClaimed(Hash256 block) => _owners.ContainsKey(block);

    /// <summary>Ends the owner's claim; another's stays.</summary>
    public void Release(Hash256 block, object owner)
    {
        if (_owners.TryRemove(KeyValuePair.Create(block, owner)))
        {
            Released?.Invoke();
        }
    }
}
