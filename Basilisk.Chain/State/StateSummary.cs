using System.Collections.Immutable;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Rlp;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.State;

/// <summary>
/// What a whole state says about itself. Keys are hashes and do not tell what they are of, so entries are known by their form: the
/// addresses of accounts are in none, except those of living units' miners.
/// </summary>
/// <param name="Credit">Credit of all accounts: the gain of every round so far.</param>
/// <param name="Units">Living units, by rising height.</param>
public sealed record StateSummary(UInt256 Credit, ImmutableArray<WorkUnit> Units)
{
    private const int AccountFields = 8;

    public static StateSummary Of(StateTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        UInt256 credit = UInt256.Zero;
        ImmutableArray<WorkUnit>.Builder units = ImmutableArray.CreateBuilder<WorkUnit>();
        foreach ((Hash256 key, byte[] value) in tree.Entries())
        {
            switch (FormOf(tree, value))
            {
                case Form.Account:
                    credit += Account.Decode(value).Credit;
                    break;
                case Form.Unit when WorkUnit.Decode(value) is { } unit && StateKeys.Unit(unit.Id) == key:
                    units.Add(unit);
                    break;
            }
        }

        units.Sort((left, right) => left.Height.CompareTo(right.Height));
        return new StateSummary(credit, units.ToImmutable());
    }

    /// <summary>Units and accounts are the lists of eight; a unit begins with its id, an account with a number.</summary>
    private static Form FormOf(StateTree tree, byte[] value)
    {
        // A bare hash names a unit of the state; no account is written in such bytes.
        if (value.Length == Hash256.Size && tree.Get(StateKeys.Unit(new Hash256(value))) is not null)
        {
            return Form.Other;
        }

        var rlp = new RlpReader(value);
        rlp.EnterList();
        int first = rlp.ReadBytes().Length;
        int fields = 1;
        while (rlp.HasMore)
        {
            rlp.ReadEncoded();
            fields++;
        }

        return rlp.Failed || fields != AccountFields ? Form.Other : first == Hash256.Size ? Form.Unit : Form.Account;
    }

    private enum Form
    {
        Other,
        Account,
        Unit,
    }
}
