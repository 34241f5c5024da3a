using System.Text;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Signatures;
using Basilisk.Model.Genesis;
using Basilisk.Node.Cli;
using Basilisk.Node.Fuzzing.Samples;
using Basilisk.Node.Genesis;
using Basilisk.Wallet.Keystores;

namespace Basilisk.Node.Fuzzing.Targets;

/// <summary>JSON files that users bring along. JSON has many spellings of one value, so nothing is encoded again.</summary>
internal static class JsonDecoding
{
    /// <summary>A keystore's derivation is worked through only where it is cheap; the read itself is what strangers can reach.</summary>
    private const long MostWork = 64;

    public static FuzzVerdict Keystore(FuzzSamples samples, ReadOnlyMemory<byte> bytes)
    {
        string text = Encoding.UTF8.GetString(bytes.Span);
        if (!KeystoreV3.WorkOf(text).TryGet(out long work, out Refusal? refusal))
        {
            return FuzzVerdict.Refused(refusal.Token);
        }

        if (work > MostWork || !KeystoreV3.Decrypt(text, FuzzSamples.KeystorePassword).TryGet(out PrivateKey? key, out refusal))
        {
            return refusal is null ? FuzzVerdict.Accepted : FuzzVerdict.Refused(refusal.Token);
        }

        key.Dispose();
        return FuzzVerdict.Accepted;
    }

    /// <summary>A network's description, and whether its rules would be sound.</summary>
    public static FuzzVerdict NetworkFile(FuzzSamples samples, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            NetworkFile file = NetworkFolder.Parse(NetworkFolder.ParametersFile, Encoding.UTF8.GetString(bytes.Span));
            GenesisOptions options = file.Recipe?.ToOptions() ?? new GenesisOptions();
            options.Validate();
            NetworkFolder.RequireSound(file, options);
            return FuzzVerdict.Accepted;
        }
        catch (Exception error) when (ErrorReport.TokenOf(error) is not null)
        {
            return FuzzVerdict.Refused(ErrorReport.TokenOf(error)); // A file of one's own is refused by a typed exception.
        }
    }

}
