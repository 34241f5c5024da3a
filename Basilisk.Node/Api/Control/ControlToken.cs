using System.Security.Cryptography;
using System.Text;
using Basilisk.Node.Failures;

namespace Basilisk.Node.Api.Control;

/// <summary>
/// What entitles a caller to change what the node does: whoever can read this file of the data directory, which is its owner alone.
/// Made when a node starts and there is none.
/// </summary>
public sealed class ControlToken
{
    /// <summary>The file in the data directory.</summary>
    public const string FileName = "control.token";

    private const int Bytes = 32;

    private readonly byte[] _value;

    private ControlToken(string value)
    {
        _value = Encoding.ASCII.GetBytes(value);
    }

    /// <summary>Reads the directory's token, or makes it, readable by its user alone.</summary>
    public static ControlToken Open(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        string path = Path.Combine(folder, FileName);
        if (ReadFile(path) is { } known)
        {
            return new ControlToken(known);
        }

        string value = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        File.Delete(path); // An empty or foreign one would keep its mode.
        using (var writer = new StreamWriter(path, options))
        {
            writer.Write(value);
        }

        return new ControlToken(value);
    }

    /// <summary>The token of a node's data directory, to show it to that node.</summary>
    /// <exception cref="ControlTokenMissingException">There is none, or it cannot be read.</exception>
    public static string Read(string folder)
    {
        string path = Path.Combine(Path.GetFullPath(folder), FileName);
        try
        {
            return ReadFile(path) ?? throw new ControlTokenMissingException(path, "there is no such file.");
        }
        catch (UnauthorizedAccessException error)
        {
            throw new ControlTokenMissingException(path, error.Message);
        }
    }

    /// <summary>Whether what a caller shows is the token; takes the same time whatever it is.</summary>
    public bool Admits(string? shown) => shown is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown), _value);

    private static string? ReadFile(string path)
    {
        string text = File.Exists(path) ? File.ReadAllText(path).Trim() : "";
        return text.Length == 2 * Bytes ? text : null;
    }
}
