using System.Text.Json;
using Basilisk.Exact.Hashing;

namespace Basilisk.Model.Genesis;

/// <summary>genesis.json: which roots the other files must have, and what the text was. Written last, so a folder with it is whole.</summary>
internal sealed record GenesisManifest(
    int Format,
    string Source,
    int Documents,
    long Bytes,
    string TextHash,
    string Seed,
    string TokenizerHash,
    string CorpusRoot,
    string CheckpointRoot)
{
    public const int CurrentFormat = 1;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static GenesisManifest Of(GenesisArtefacts artefacts) => new(
        CurrentFormat,
        artefacts.Text.Source,
        artefacts.Text.Documents,
        artefacts.Text.Bytes,
        artefacts.Text.Hash.ToString(),
        artefacts.Seed.ToString(),
        artefacts.Tokenizer.Hash.ToString(),
        artefacts.Corpus.Root.ToString(),
        artefacts.Checkpoint.Root.ToString());

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <exception cref="GenesisFileCorruptException">The bytes are not a manifest of this format.</exception>
    public static GenesisManifest Parse(string file, byte[] bytes)
    {
        GenesisManifest? manifest = null;
        string problem = "something else";
        try
        {
            manifest = JsonSerializer.Deserialize<GenesisManifest>(bytes, Json);
        }
        catch (JsonException error)
        {
            problem = $"no JSON of that form (line {error.LineNumber + 1})";
        }

        return manifest is { Format: CurrentFormat, Source: not null } && Array.TrueForAll([manifest.TextHash, manifest.Seed, manifest.TokenizerHash, manifest.CorpusRoot, manifest.CheckpointRoot], IsHash)
            ? manifest
            : throw new GenesisFileCorruptException(file, $"a manifest of format {CurrentFormat}", problem);
    }

    public TextStatistics Text() => new(Source, Documents, Bytes, Hash256.Parse(TextHash));

    private static bool IsHash(string? text) => Hash256.TryParse(text, out _);
}
