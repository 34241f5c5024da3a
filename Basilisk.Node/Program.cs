return await Basilisk.Node.Cli.CommandLine.RunAsync(args);
