using System.Reflection;
using System.Text.RegularExpressions;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Rlp;
using Basilisk.Chain.Transactions;
using Basilisk.Testing;
using Xunit;

namespace Basilisk.Chain.Tests.Validation;

/// <summary>The tokens, the page that explains them and the tests that provoke them stay together.</summary>
public sealed partial class TokenTests
{
    [Fact]
    public void Every_token_is_explained_in_the_protocol_and_every_explained_token_exists()
    {
        string page = File.ReadAllText(Path.Combine(VectorFiles.RepositoryRoot(), "docs", "protocol.md"));
        string[] tokens = [.. Constants(typeof(Tokens)), .. Constants(typeof(TransactionToken)), .. Constants(typeof(RlpToken))];
        Assert.DoesNotContain(tokens, token => !page.Contains($"`{token}`", StringComparison.Ordinal));
        string table = page[page.IndexOf("## 12.", StringComparison.Ordinal)..page.IndexOf("## 13.", StringComparison.Ordinal)];
        Assert.Empty(Quoted().Matches(table).Select(match => match.Groups[1].Value).Except(tokens));
        Assert.Equal(tokens.Distinct(), tokens);
    }

    [Fact]
    public void Every_block_rule_is_provoked_by_a_test()
    {
        string folder = Path.Combine(VectorFiles.RepositoryRoot(), "tests", "Basilisk.Chain.Tests");
        string tests = string.Concat(Directory.EnumerateFiles(folder, "*Tests.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        Assert.DoesNotContain(typeof(Tokens).GetFields(), field => !Regex.IsMatch(tests, $@"\bTokens\.{field.Name}\b"));
    }

    private static IEnumerable<string> Constants(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);

    [GeneratedRegex("`([a-z]+(?:-[a-z]+)+)`")]
    private static partial Regex Quoted();
}
