using System.Reflection;
using System.Text;
using Xunit;

namespace Basilisk.Architecture.Tests;

/// <summary>
/// What crosses a process boundary changes only on purpose: its shape is the file contracts.snapshot.txt.
/// To accept a change, run the tests once with BASILISK_ACCEPT_CONTRACTS=1 and review the file's diff.
/// </summary>
public sealed class ContractsSnapshotTests
{
    [Fact]
    public void The_shape_of_Contracts_is_the_reviewed_one()
    {
        string path = Repository.PathTo("tests", "Basilisk.Architecture.Tests", "contracts.snapshot.txt");
        string now = Describe(typeof(Contracts.Routes).Assembly);
        if (Environment.GetEnvironmentVariable("BASILISK_ACCEPT_CONTRACTS") == "1")
        {
            File.WriteAllText(path, now);
        }

        Assert.Equal(File.ReadAllText(path), now);
    }

    [Fact]
    public void Contracts_carry_no_behaviour()
    {
        var behaviour = from type in typeof(Contracts.Routes).Assembly.GetExportedTypes()
                        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                        where !method.IsSpecialName && method.GetCustomAttribute<System.Runtime.CompilerServices.CompilerGeneratedAttribute>() is null
                        where method.Name is not ("ToString" or "Equals" or "GetHashCode" or "Deconstruct" or "<Clone>$")
                        select $"{type.Name}.{method.Name}";
        Assert.Empty(behaviour);
    }

    private static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (Type type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(type.FullName).Append('\n');
            IEnumerable<string> lines = type.IsEnum
                ? Enum.GetNames(type)
                : type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => $"{Name(property)} {property.Name}")
                    .Concat(type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral)
                        .Select(field => $"{field.Name} = {field.GetRawConstantValue()}"));
            foreach (string line in lines)
            {
                text.Append("  ").Append(line).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Name(PropertyInfo property)
    {
        NullabilityInfo nullability = new NullabilityInfoContext().Create(property);
        string name = Name(property.PropertyType);
        return nullability.ReadState == NullabilityState.Nullable && !property.PropertyType.IsValueType ? name + "?" : name;
    }

    private static string Name(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return Name(inner) + "?";
        }

        return type.IsGenericType
            ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
            : type.Name;
    }
}
