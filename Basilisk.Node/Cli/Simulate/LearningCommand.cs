using System.CommandLine;
using System.Globalization;
using Basilisk.Simulation.Learning;
using Basilisk.Simulation.World;

namespace Basilisk.Node.Cli.Simulate;

/// <summary><c>basilisk simulate learning</c>: what participants reach together, beside one optimiser on as many tokens.</summary>
internal sealed class LearningCommand
{
    private static readonly LearningOptions Defaults = new();

    private readonly Option<int[]> _participants = new("--participants") { Description = "How many train; repeat for more settings. Default: 1, 4 and 8.", DefaultValueFactory = _ => [1, 4, 8] };
    private readonly Option<string[]> _modes = new("--mode") { Description = "dense, dev or compressed; repeat for more. Default: all.", DefaultValueFactory = _ => [.. LearningMode.All.Select(mode => mode.Name)] };
    private readonly Option<int> _seeds = new("--seeds") { Description = "Independent runs of each setting.", DefaultValueFactory = _ => 3 };
    private readonly Option<int> _rounds = new("--rounds") { Description = "Rounds of the network.", DefaultValueFactory = _ => Defaults.Rounds };
    private readonly Option<int> _steps = new("--steps") { Description = "Optimiser steps of all participants together.", DefaultValueFactory = _ => Defaults.Steps };
    private readonly Option<int> _depth = new("--depth") { Description = "Size of the model: 1 has 25,000 weights, 2 has 131,000.", DefaultValueFactory = _ => new SmallNetworkOptions().Depth };
    private readonly Option<int> _windows = new("--windows") { Description = "Windows of the paid set, and of the confirmation set.", DefaultValueFactory = _ => new SmallNetworkOptions().PaidWindows };
    private readonly Option<double> _rate = new("--rate") { Description = "Peak learning rate.", DefaultValueFactory = _ => Defaults.PeakLearningRate };
    private readonly Option<double> _lead = new("--lead") { Description = "Share of their unsent rest that participants start ahead of the checkpoint with, 0 to 1.", DefaultValueFactory = _ => Defaults.Lead };
    private readonly Option<bool> _json = new CommonOptions().Json;

    private LearningCommand()
    {
        _modes.AcceptOnlyFromAmong([.. LearningMode.All.Select(mode => mode.Name)]);
        foreach (Option<int> count in new[] { _seeds, _rounds, _steps, _depth, _windows })
        {
            count.Require(value => value >= 1, $"{count.Name} is at least 1.");
        }

        _participants.Require(values => values?.All(value => value is >= 1 and <= 64) != false, "--participants is 1 to 64.");
        _lead.Require(value => value is >= 0 and <= 1, "--lead is 0 to 1.");
        _rate.Require(value => value is > 0 and <= 1, "--rate is above 0 and at most 1.");
    }

    public static Command Create()
    {
        var learning = new LearningCommand();
        var command = new Command("learning", "Train a small model through the real payloads and settlement, beside AdamW on as many tokens: the gap of their losses. Minutes for each setting.");
        foreach (Option option in new Option[] { learning._participants, learning._modes, learning._seeds, learning._rounds, learning._steps, learning._depth, learning._windows, learning._rate, learning._lead, learning._json })
        {
            command.Options.Add(option);
        }

        command.SetAction((parse, cancellation) => learning.RunAsync(parse, cancellation));
        return command;
    }

    private Task<int> RunAsync(ParseResult parse, CancellationToken cancellation)
    {
        LearningOptions options = Defaults with { Rounds = parse.GetValue(_rounds), Steps = parse.GetValue(_steps), PeakLearningRate = parse.GetValue(_rate), Lead = parse.GetValue(_lead) };
        int[] participants = parse.GetValue(_participants)!;
        if (participants.Any(count => options.Steps / (options.Rounds * count) < 1))
        {
            throw new Failures.UsageException("--steps is too small: every participant takes at least one step in every round.");
        }

        var study = new LearningStudy(options);
        var progress = new Progress<string>(line => Console.Error.WriteLine($"learning: {line}"));
        foreach (LearningMode mode in LearningMode.All.Where(mode => parse.GetValue(_modes)!.Contains(mode.Name, StringComparer.Ordinal)))
        {
            foreach (int count in participants)
            {
                Print(study.Measure(new SmallNetworkOptions { Depth = parse.GetValue(_depth), PaidWindows = parse.GetValue(_windows) }, mode, count, parse.GetValue(_seeds), progress, cancellation), parse.GetValue(_json));
            }
        }

        return Task.FromResult(0);
    }

    private static void Print(LearningResult result, bool json)
    {
        if (json)
        {
            JsonLine.Write(result with
            {
                Loss = Rounded(result.Loss), CentralLoss = Rounded(result.CentralLoss), Gap = Rounded(result.Gap), StandardError = Rounded(result.StandardError),
                PayloadRatio = Math.Round(result.PayloadRatio, 1), BatchLoss = Rounded(result.BatchLoss), BatchGap = Rounded(result.BatchGap),
                Settled = Rounded(result.Settled), Accepted = Rounded(result.Accepted),
            });
            return;
        }

        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Participants} participants, {result.Mode,-10} loss {result.Loss:0.0000}, central {result.CentralLoss:0.0000}: gap {result.Gap:+0.0%;-0.0%} ± {result.StandardError:0.0%} over {result.Seeds} seeds; payloads {result.PayloadRatio:0} times smaller than fp32"));
    }

    private static double Rounded(double value) => Math.Round(value, 5);
}
