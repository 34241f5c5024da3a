using System.Text;
using Spectre.Console;

namespace Basilisk.Node.Cli;

/// <summary>The person at the terminal, if there is one. Questions and progress go to the error output, so that results can be piped.</summary>
internal static class Terminal
{
    /// <summary>Whether somebody can be asked.</summary>
    public static bool CanAsk => !Console.IsInputRedirected && !Console.IsErrorRedirected;

    /// <summary>Whether somebody sees the output as it is written.</summary>
    public static bool IsSeen => !Console.IsOutputRedirected;

    /// <summary>Asks for a secret without echoing it. Only where <see cref="CanAsk"/>.</summary>
    public static string AskSecret(string question)
    {
        Console.Error.Write(question + ": ");
        var text = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                text.Length = Math.Max(0, text.Length - 1);
            }
            else if (key.KeyChar >= ' ')
            {
                text.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return text.ToString();
    }

    /// <summary>Asks a question that only "yes" or "y" affirms. Only where <see cref="CanAsk"/>.</summary>
    public static bool Confirm(string question)
    {
        Console.Error.Write(question + " [y/N] ");
        return Console.ReadLine()?.Trim().ToLowerInvariant() is "y" or "yes";
    }

    /// <summary>Runs work under a progress bar on the error output; without a terminal, only its stages are written.</summary>
    public static async Task<T> WithProgressAsync<T>(string title, Func<ProgressLine, Task<T>> work)
    {
        if (Console.IsErrorRedirected)
        {
            return await work(new ProgressLine(title, null));
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(context => work(new ProgressLine(title, context)));
    }
}

/// <summary>Progress through named stages, one bar each.</summary>
internal sealed class ProgressLine(string title, ProgressContext? context)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ProgressTask> _bars = [];
    private string? _stage;

    /// <param name="stage">What is being done; a new one starts a new bar.</param>
    /// <param name="done">Part that is done.</param>
    /// <param name="of">The whole; 0 while it is not known.</param>
    public void Report(string stage, double done, double of)
    {
        lock (_gate)
        {
            if (context is null)
            {
                if (_stage != stage)
                {
                    Console.Error.WriteLine($"{title}: {stage}");
                }
            }
            else
            {
                Move(stage, done, of);
            }

            _stage = stage;
        }
    }

    private void Move(string stage, double done, double of)
    {
        if (!_bars.TryGetValue(stage, out ProgressTask? bar))
        {
            if (_stage is not null)
            {
                Complete(_bars[_stage]);
            }

            _bars[stage] = bar = context!.AddTask(Markup.Escape(stage));
        }

        bar.IsIndeterminate = of <= 0;
        bar.MaxValue = of > 0 ? of : 1;
        bar.Value = done;
    }

    private static void Complete(ProgressTask bar)
    {
        bar.IsIndeterminate = false;
        bar.Value = bar.MaxValue;
    }
}
