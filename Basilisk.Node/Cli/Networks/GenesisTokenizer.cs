using System.CommandLine;
using Basilisk.Model.Tokenization;
using Basilisk.Node.Genesis;

namespace Basilisk.Node.Cli.Networks;

/// <summary><c>basilisk genesis tokenizer</c>: the network's tokenizer as a Hugging Face tokenizer.json.</summary>
internal static class GenesisTokenizer
{
    public static Command Create()
    {
        var command = new Command("tokenizer", "Write the network's tokenizer as tokenizer.json, which Hugging Face's tokenizers reads.");
        var choice = new NetworkChoice();
        choice.AddTo(command);
        var output = new Option<string>("--out") { Description = "File to write.", DefaultValueFactory = _ => "tokenizer.json" };
        command.Options.Add(output);
        command.SetAction((parse, cancellation) =>
        {
            Network network = choice.Load(parse, cancellation);
            string file = Path.GetFullPath(parse.GetValue(output)!);
            string partial = file + ".partial";
            using (var stream = new FileStream(partial, FileMode.Create, FileAccess.Write))
            {
                HuggingFaceTokenizerJson.Write(network.Artefacts.Tokenizer, stream);
            }

            File.Move(partial, file, overwrite: true);
            if (parse.GetValue(choice.Json))
            {
                JsonLine.Write(new { @event = "tokenizer", file, vocabulary = network.Artefacts.Tokenizer.VocabularySize, hash = network.Artefacts.Tokenizer.Hash.ToString() });
            }
            else
            {
                Console.Out.WriteLine($"{network.Artefacts.Tokenizer.VocabularySize} tokens -> {file}");
            }

            return Task.FromResult(0);
        });
        return command;
    }
}
