using Basilisk.Exact.Corpora;
using Basilisk.Model.Genesis;
using Basilisk.Model.Tests.Corpora;
using Xunit;

namespace Basilisk.Model.Tests.Genesis;

public sealed class GenesisFolderTests : IDisposable
{
    private static readonly Lazy<GenesisArtefacts> Artefacts = new(() => GenesisBuilderTests.Build(new SmallCorpus(6000), GenesisBuilderTests.Small));

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void What_was_saved_loads_with_the_same_roots()
    {
        GenesisArtefacts saved = Artefacts.Value;
        Assert.False(GenesisFolder.Exists(_folder.Path));
        Save();
        Assert.True(GenesisFolder.Exists(_folder.Path));
        GenesisArtefacts loaded = GenesisFolder.Load(_folder.Path, CancellationToken.None);
        Assert.Equal(saved.Tokenizer.Hash, loaded.Tokenizer.Hash);
        Assert.Equal(saved.Corpus.Root, loaded.Corpus.Root);
        Assert.Equal(saved.Checkpoint.Root, loaded.Checkpoint.Root);
        Assert.Equal(saved.Checkpoint.Shape, loaded.Checkpoint.Shape);
        Assert.Equal(saved.Text, loaded.Text);
        Assert.Equal(saved.Seed, loaded.Seed);
        Assert.Equal(saved.HoldoutBytesPerToken, loaded.HoldoutBytesPerToken);
        Assert.Equal(4, Directory.GetFiles(_folder.Path).Length);
    }

    [Theory]
    [InlineData(GenesisFolder.TokenizerFile)]
    [InlineData(GenesisFolder.CorpusFile)]
    [InlineData(GenesisFolder.CheckpointFile)]
    public void A_changed_byte_anywhere_is_found_and_the_file_named(string name)
    {
        Save();
        string file = Path.Combine(_folder.Path, name);
        byte[] bytes = File.ReadAllBytes(file);
        var random = new Random(10);
        for (int round = 0; round < 12; round++)
        {
            byte[] changed = (byte[])bytes.Clone();
            changed[round < 6 ? round * 2 : random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(file, changed);
            var error = Assert.Throws<GenesisFileCorruptException>(() => GenesisFolder.Load(_folder.Path, CancellationToken.None));
            Assert.Equal(file, error.File);
            Assert.NotEqual(error.Expected, error.Found);
            Assert.Contains("genesis repair", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(GenesisFolder.TokenizerFile)]
    [InlineData(GenesisFolder.CorpusFile)]
    [InlineData(GenesisFolder.CheckpointFile)]
    [InlineData(GenesisFolder.ManifestFile)]
    public void A_cut_or_missing_file_is_named(string name)
    {
        Save();
        string file = Path.Combine(_folder.Path, name);
        byte[] bytes = File.ReadAllBytes(file);
        foreach (int length in (int[])[0, 5, bytes.Length - 1])
        {
            File.WriteAllBytes(file, bytes[..length]);
            Assert.Equal(file, Assert.Throws<GenesisFileCorruptException>(() => GenesisFolder.Load(_folder.Path, CancellationToken.None)).File);
        }

        File.Delete(file);
        Assert.Equal(file, Assert.Throws<GenesisFileMissingException>(() => GenesisFolder.Load(_folder.Path, CancellationToken.None)).File);
    }

    [Fact]
    public void Files_that_are_whole_and_do_not_belong_together_are_refused()
    {
        GenesisArtefacts saved = Artefacts.Value;
        TokenCorpus corpus = saved.Corpus;
        GenesisFolder.Save(
            _folder.Path, saved with { Corpus = new TokenCorpus(corpus.Vocabulary + 1, corpus.Tokens.ToArray(), corpus.HoldoutPermille) }, CancellationToken.None);
        var error = Assert.Throws<GenesisFileCorruptException>(() => GenesisFolder.Load(_folder.Path, CancellationToken.None));
        Assert.Equal($"a vocabulary of {corpus.Vocabulary + 1}", error.Found);
        Assert.Contains($"tokenizer's {corpus.Vocabulary}", error.Expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"format\":2}")]
    [InlineData("{\"format\":1,\"source\":\"x\",\"textHash\":\"zz\"}")]
    public void A_manifest_of_another_form_is_named(string text)
    {
        Save();
        string file = _folder.Write(GenesisFolder.ManifestFile, text);
        Assert.Equal(file, Assert.Throws<GenesisFileCorruptException>(() => GenesisFolder.Load(_folder.Path, CancellationToken.None)).File);
    }

    [Fact]
    public void A_cancelled_save_leaves_no_manifest_and_no_part()
    {
        Assert.Throws<OperationCanceledException>(() => GenesisFolder.Save(_folder.Path, Artefacts.Value, new CancellationToken(canceled: true)));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_write_that_fails_leaves_nothing_half_written()
    {
        // A directory in the file's place makes the move fail, after all bytes were written beside it.
        Directory.CreateDirectory(Path.Combine(_folder.Path, GenesisFolder.CorpusFile));
        Assert.ThrowsAny<Exception>(Save);
        Assert.Equal([Path.Combine(_folder.Path, GenesisFolder.TokenizerFile)], Directory.GetFiles(_folder.Path));
        Assert.False(GenesisFolder.Exists(_folder.Path));
    }

    public void Dispose() => _folder.Dispose();

    private void Save() => GenesisFolder.Save(_folder.Path, Artefacts.Value, CancellationToken.None);
}
