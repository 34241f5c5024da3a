using Basilisk.Chain.Assembly;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.State;

namespace Basilisk.Simulation.Chains;

/// <summary>A node's waiting commits and reveals, in the order they came; a later one of the same sender and nonce takes the earlier one's place.</summary>
public sealed class PendingCalls
{
    private readonly OrderedDictionary<(Address Sender, ulong Nonce), CandidateTransaction> _calls = [];

    /// <summary>What a block may take, in order.</summary>
    public IEnumerable<CandidateTransaction> Candidates => _calls.Values;

    public void Add(CandidateTransaction call)
    {
        ArgumentNullException.ThrowIfNull(call);
        _calls[(call.Transaction.Sender, call.Transaction.Nonce)] = call;
    }

    /// <summary>Takes back what a block that is off the chain again had taken, unless something newer waits there.</summary>
    public void Return(CandidateTransaction call)
    {
        ArgumentNullException.ThrowIfNull(call);
        _calls.TryAdd((call.Transaction.Sender, call.Transaction.Nonce), call);
    }

    /// <summary>Lets go of what the chain has used.</summary>
    public void Prune(ChainState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        foreach ((Address sender, ulong nonce) in _calls.Keys.Where(key => key.Nonce < state.Account(key.Sender).Nonce).ToList())
        {
            _calls.Remove((sender, nonce));
        }
    }
}
