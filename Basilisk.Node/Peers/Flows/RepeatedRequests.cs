using System.Runtime.CompilerServices;
using Basilisk.Chain.Refusals;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;
using Basilisk.Node.Peers.Transport;

namespace Basilisk.Node.Peers.Flows;

/// <summary>
/// Who asks again and again for what he was given is after this node's time and line. Who synchronises asks as fast as he is answered, but each time for
/// something else: headers get higher with every answer, and other things he needs once, or a few times where he begins anew.
/// </summary>
public sealed class RepeatedRequests(TimeProvider time)
{
    /// <summary>Repetitions of one peer that are no offence: so many at once.</summary>
    public const int Burst = 64;

    /// <summary>And on average: an honest node asks for headers after each new block at most.</summary>
    public const int PerSecond = 4;

    /// <summary>
    /// Times that a thing may be asked for before it counts as repeated: fast synchronisation that fails at its last step begins anew, 24 times in all.
    /// </summary>
    public const int TimesPerThing = 32;

    /// <summary>
    /// Things remembered of each peer, the newest: below 1 MiB. Who goes round among more of them is not noticed here, only slowed down by the rate of
    /// bytes served.
    /// </summary>
    public const int MostRemembered = 4_096;

    private readonly ConditionalWeakTable<IPeer, Given> _given = [];

    /// <summary>Counts an answer. A peer's requests are answered one at a time.</summary>
    public void Note(IPeer peer, PeerRequest request, PeerAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(answer);
        Given given = _given.GetValue(peer, _ => new Given(new TokenBucket(PerSecond, Burst, time)));
        if (!given.Note(request, answer))
        {
            peer.Report(
                Offence.Flood,
                new Refusal(RefusalKind.State, PeerTokens.Flood, $"The same asked for again and again, {request.Kind} the last.", given.Repeated, Burst));
        }
    }

    /// <summary>What one peer was given.</summary>
    private sealed class Given(TokenBucket allowed)
    {
        private readonly Dictionary<GivenThing, int> _times = [];
        private readonly Queue<GivenThing> _order = new();
        private ulong _highest;

        /// <summary>Repetitions in all.</summary>
        public long Repeated { get; private set; }

        /// <summary>False where it is one repetition too many.</summary>
        public bool Note(PeerRequest request, PeerAnswer answer)
        {
            int repeated = answer is Headers headers ? (IsHigher(headers) ? 0 : 1) : GivenThings.Of(request, answer).Count(thing => Times(thing) > TimesPerThing);
            if (repeated == 0)
            {
                return true;
            }

            Repeated += repeated;
            return allowed.TryTakeOrRefill(repeated);
        }

        private bool IsHigher(Headers headers)
        {
            if (headers.Chain.IsEmpty || headers.Chain[^1].Height <= _highest)
            {
                return false;
            }

            _highest = headers.Chain[^1].Height;
            return true;
        }

        private int Times(GivenThing thing)
        {
            if (_times.TryGetValue(thing, out int times))
            {
                return _times[thing] = times + 1;
            }

            if (_order.Count == MostRemembered)
            {
                _times.Remove(_order.Dequeue());
            }

            _order.Enqueue(thing);
            return _times[thing] = 1;
        }
    }
}
