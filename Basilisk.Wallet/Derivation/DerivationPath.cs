using System.Globalization;
using Basilisk.Chain.Refusals;

namespace Basilisk.Wallet.Derivation;

/// <summary>The steps from a master key to another (BIP-32), such as m/44'/60'/0'/0/0. A hardened step has its top bit set.</summary>
public sealed record DerivationPath(IReadOnlyList<uint> Steps)
{
    /// <summary>Set in a hardened step.</summary>
    public const uint Hardened = 0x8000_0000;

    private const int MaximumSteps = 16;

    /// <summary>The path of Ethereum's i-th account (BIP-44, coin 60): what MetaMask and ethers show first.</summary>
    public static DerivationPath Ethereum(uint index) => new([44 | Hardened, 60 | Hardened, 0 | Hardened, 0, index]);

    /// <summary>Reads "m", then steps of digits; a hardened step ends with ' or h.</summary>
    public static Verdict<DerivationPath> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split('/');
        if (parts[0] != "m" || parts.Length - 1 > MaximumSteps)
        {
            return Malformed(text);
        }

        var steps = new uint[parts.Length - 1];
        for (int i = 0; i < steps.Length; i++)
        {
            string part = parts[i + 1];
            bool hardened = part.EndsWith('\'') || part.EndsWith('h');
            string digits = hardened ? part[..^1] : part;
            if (!uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out uint step) || step >= Hardened)
            {
                return Malformed(text);
            }

            steps[i] = step | (hardened ? Hardened : 0);
        }

        return new DerivationPath(steps);
    }

    public bool Equals(DerivationPath? other) => other is not null && Steps.SequenceEqual(other.Steps);

    public override int GetHashCode() => Steps.Aggregate(0, HashCode.Combine);

    public override string ToString() =>
        "m" + string.Concat(Steps.Select(step => string.Create(CultureInfo.InvariantCulture, $"/{step & ~Hardened}{((step & Hardened) != 0 ? "'" : "")}")));

    private static Refusal Malformed(string text) => new(
        RefusalKind.Malformed, WalletToken.PathMalformed, $"'{text}' is no path: write m/44'/60'/0'/0/0, at most {MaximumSteps} steps below 2^31.");
}
