using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Basilisk.Exact.Hashing;

namespace Basilisk.Simulation.World;

/// <summary>Where a run's randomness comes from: SHA-256 of its number and a purpose, so that no two purposes share a stream.</summary>
public static class RunSeed
{
    /// <param name="seed">Number of the run.</param>
    /// <param name="purpose">What for, e.g. <c>genesis</c>.</param>
    /// <param name="index">Which of many under one purpose, e.g. round and participant.</param>
    public static Hash256 Of(int seed, string purpose, params ReadOnlySpan<int> index)
    {
        var text = new StringBuilder(purpose).Append(CultureInfo.InvariantCulture, $"/{seed}");
        foreach (int part in index)
        {
            text.Append(CultureInfo.InvariantCulture, $"/{part}");
        }

        return new Hash256(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
