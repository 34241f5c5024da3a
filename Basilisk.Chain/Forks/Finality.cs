using Basilisk.Chain.Parameters;
using Basilisk.Chain.Refusals;

namespace Basilisk.Chain.Forks;

/// <summary>
/// Rolling finality: a node does not undo more than F settled rounds that it has seen. Training takes compute from
/// hashing, so less hash guards the past than on a chain that only hashes. A node's own choice, announced and
/// overridable; not a rule of validity.
/// </summary>
public static class Finality
{
    /// <summary>Null where the switch is shallow enough.</summary>
    public static Refusal? Check(NetworkParameters parameters, HeaderNode from, HeaderNode to)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ulong undone = SettledRoundsUndone(from, to);
        return undone > parameters.FinalityRounds
            ? new Refusal(
                RefusalKind.Header,
                Tokens.ReorganisationTooDeep,
                $"The other chain leaves this one at height {HeaderTree.Fork(from, to).Height}; an operator can override this by hand.",
                (long)undone,
                parameters.FinalityRounds)
            : null;
    }

    /// <summary>Settled rounds whose last block would be taken off. A settled round moves the model, so headers show it.</summary>
    public static ulong SettledRoundsUndone(HeaderNode from, HeaderNode to)
    {
        ArgumentNullException.ThrowIfNull(from);
        return (ulong)(from.Settled - HeaderTree.Fork(from, to).Settled);
    }
}
