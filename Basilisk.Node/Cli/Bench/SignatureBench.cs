using Basilisk.Chain.Hashing;
using Basilisk.Chain.Signatures;

namespace Basilisk.Node.Cli.Bench;

/// <summary>secp256k1 on one core: checking, recovering the key, signing.</summary>
internal sealed class SignatureBench : IBench
{
    private const int Count = 2_000;
    private const double Bar = 9_000; // verifications a second per core that the project set out to reach

    public Task RunAsync(BenchRun run, CancellationToken cancellation)
    {
        using PrivateKey key = PrivateKey.FromBytes(Keccak256.Hash("bench"u8).ToArray());
        byte[][] hashes = [.. Enumerable.Range(0, Count).Select(i => Keccak256.Hash(BitConverter.GetBytes(i)).ToArray())];
        Signature[] signatures = [.. hashes.Select(hash => Secp256k1.Sign(hash, key))];
        byte[] publicKey = key.PublicKey.ToArray();
        double verify = Measure(i => Require(Secp256k1.Verify(hashes[i], signatures[i], publicKey)));
        run.Add(new BenchLine("signatures", "verify, 1 core", verify, "verifications/s", Bar, verify / Bar, "the project's bar"));
        run.Add(new BenchLine("signatures", "recover, 1 core", Measure(i => Require(Secp256k1.TryRecover(hashes[i], signatures[i], new byte[64]))), "recoveries/s"));
        run.Add(new BenchLine("signatures", "sign (constant time, checked after), 1 core", Measure(i => Secp256k1.Sign(hashes[i], key)), "signatures/s"));
        return Task.CompletedTask;

        double Measure(Action<int> work) => Rate.Of(
            run.Time,
            Count,
            () =>
            {
                for (int i = 0; i < Count; i++)
                {
                    work(i);
                }
            },
            cancellation);
    }

    private static void Require(bool holds)
    {
        if (!holds)
        {
            throw new InvalidOperationException("A signature that was just made does not verify.");
        }
    }
}
