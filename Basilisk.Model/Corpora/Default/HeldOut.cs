using System.Text;

namespace Basilisk.Model.Corpora.Default;

/// <summary>
/// Which questions the corpus never asks, so that the primer benchmark can: a hash of the key decides,
/// the same way for the generator and for the benchmark, with no list to keep in step.
/// </summary>
public static class HeldOut
{
    public static bool Contains(IExchangeKind kind, Exchange exchange)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(exchange);
        return Hash(kind.Name + ":" + exchange.Key) % (ulong)kind.HoldOneOf == 0;
    }

    /// <summary>FNV-1a over UTF-8, finished by a mixer because FNV's low bits are weak.</summary>
    private static ulong Hash(string key)
    {
        ulong hash = 0xCBF29CE484222325UL;
        foreach (byte value in Encoding.UTF8.GetBytes(key))
        {
            hash = unchecked((hash ^ value) * 0x100000001B3UL);
        }

        return CorpusRandom.Mix(hash);
    }
}
