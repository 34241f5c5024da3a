using System.CommandLine;

namespace Basilisk.Node.Cli;

/// <summary>Bounds of a command's options. What cannot be read as the option's type at all is the parser's to refuse.</summary>
internal static class OptionBounds
{
    /// <summary>Refuses values for which <paramref name="holds"/> is false.</summary>
    /// <param name="option">Any option.</param>
    /// <param name="holds">Of the value given, or of the default.</param>
    /// <param name="message">Names the option and its bound.</param>
    public static void Require<T>(this Option<T> option, Func<T?, bool> holds, string message) => option.Validators.Add(result =>
    {
        T? value;
        try
        {
            value = result.GetValueOrDefault<T>();
        }
        catch (InvalidOperationException error)
        {
            result.AddError(error.Message); // validators run before the parser says this of a word that is no T
            return;
        }

        if (!holds(value))
        {
            result.AddError(message);
        }
    });
}
