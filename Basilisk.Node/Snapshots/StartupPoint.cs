using Basilisk.Chain.Forks;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Chainstate;

namespace Basilisk.Node.Snapshots;

/// <summary>Where a start may begin to replay.</summary>
/// <param name="View">The chain up to there.</param>
/// <param name="Headers">Every header up to there.</param>
/// <param name="Place">Version of the event that put the view's block on.</param>
/// <param name="Places">Such versions of every block up to there.</param>
internal sealed record StartupPoint(ChainView View, HeaderTree Headers, long Place, IReadOnlyDictionary<Hash256, long> Places);
