using System.Text.RegularExpressions;
using Basilisk.Chain.Hashing;
using Basilisk.Node.Fuzzing.Inputs;
using Basilisk.Node.Fuzzing.Samples;

namespace Basilisk.Node.Fuzzing;

/// <summary>Feeds inputs to decoders and counts what they do. The same seed gives the same inputs.</summary>
/// <param name="samples">Real values that inputs are made from.</param>
/// <param name="seed">Names the run.</param>
public sealed partial class FuzzRun(FuzzSamples samples, ulong seed)
{
    private const int MostFinds = 12;

    /// <summary>How many of a run's cases each target gets.</summary>
    public static IReadOnlyList<(FuzzTarget Target, long Cases)> Share(IReadOnlyList<FuzzTarget> targets, long cases)
    {
        ArgumentNullException.ThrowIfNull(targets);
        long shares = targets.Sum(target => (long)target.Share);
        return [.. targets.Select(target => (target, Math.Max(1, ((cases * target.Share) + shares - 1) / shares)))];
    }

    /// <exception cref="InvalidOperationException">The decoder does not take a seed input: the target is set up wrongly.</exception>
    public FuzzReport Run(FuzzTarget target, long cases, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(target);
        IReadOnlyList<byte[]> seeds = target.Seeds(samples);
        RequireAccepted(target, seeds);
        var inputs = new FuzzInputs(target.Form, seeds);
        var random = new FuzzRandom(seed ^ BitConverter.ToUInt64(Keccak256.Hash(System.Text.Encoding.UTF8.GetBytes(target.Name)).ToArray()));
        var tally = new Tally();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (long number = 0; number < cases; number++)
        {
            if ((number & 1023) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            Give(target, inputs.Next(random), number, tally);
        }

        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        return new FuzzReport(
            target.Name, cases, tally.Accepted, tally.Tokens, tally.Crashes, tally.Untyped, tally.NotCanonical, tally.PeakBytes, held, tally.Finds);
    }

    private void RequireAccepted(FuzzTarget target, IReadOnlyList<byte[]> seeds)
    {
        for (int i = 0; i < seeds.Count; i++)
        {
            FuzzVerdict verdict = target.Decode(samples, seeds[i]);
            // A server may refuse a well-formed question: nobody here has coins to send.
            if (verdict.Answer != FuzzAnswer.Accepted && (target.Form is FuzzForm.Binary or FuzzForm.Rlp || verdict.Answer != FuzzAnswer.Refused))
            {
                throw new InvalidOperationException($"Seed input {i} of {target.Name} is not accepted: {verdict}.");
            }
        }
    }

    private void Give(FuzzTarget target, ReadOnlyMemory<byte> input, long number, Tally tally)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        FuzzVerdict verdict;
        try
        {
            verdict = target.Decode(samples, input);
        }
        catch (Exception error)
        {
            // That no input may throw is what this run is about: every exception is counted and shown, none is dropped.
            tally.Crashes++;
            tally.Find("crash", number, $"{error.GetType().Name}: {error.Message}", error.StackTrace?.Split('\n')[0].Trim() ?? "", input);
            return;
        }

        tally.PeakBytes = Math.Max(tally.PeakBytes, GC.GetAllocatedBytesForCurrentThread() - allocated);
        Count(verdict, input, number, tally);
    }

    private static void Count(FuzzVerdict verdict, ReadOnlyMemory<byte> input, long number, Tally tally)
    {
        switch (verdict.Answer)
        {
            case FuzzAnswer.Accepted:
                tally.Accepted++;
                break;
            case FuzzAnswer.NotCanonical:
                tally.NotCanonical++;
                tally.Find("not-canonical", number, "what was read encodes to other bytes", "", input);
                break;
            case FuzzAnswer.Failed:
                tally.Crashes++;
                tally.Find("crash", number, verdict.Token ?? "", "", input);
                break;
            default:
                tally.Refused(verdict.Token, input, number);
                break;
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9]*([-_][a-z0-9]+)*$")]
    private static partial Regex StableToken();

    private sealed class Tally
    {
        private readonly HashSet<string> _causes = new(StringComparer.Ordinal);
        private readonly Dictionary<string, long> _tokens = new(StringComparer.Ordinal);

        public long Accepted { get; set; }

        public long Crashes { get; set; }

        public long Untyped { get; private set; }

        public long NotCanonical { get; set; }

        public long PeakBytes { get; set; }

        public List<FuzzFind> Finds { get; } = [];

        public IReadOnlyDictionary<string, long> Tokens => _tokens;

        public void Refused(string? token, ReadOnlyMemory<byte> input, long number)
        {
            if (token is not null && (_tokens.ContainsKey(token) || StableToken().IsMatch(token)))
            {
                _tokens[token] = _tokens.GetValueOrDefault(token) + 1;
                return;
            }

            Untyped++;
            Find("untyped", number, token ?? "no token", "", input);
        }

        /// <summary>Keeps the first input of a kind and cause.</summary>
        public void Find(string kind, long number, string detail, string place, ReadOnlyMemory<byte> input)
        {
            if (Finds.Count < MostFinds && _causes.Add(kind + (place.Length > 0 ? place : detail)))
            {
                Finds.Add(new FuzzFind(kind, number, place.Length > 0 ? $"{detail} ({place})" : detail, input.ToArray()));
            }
        }
    }
}
