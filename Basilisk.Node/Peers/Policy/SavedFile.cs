using System.Text.Json;

namespace Basilisk.Node.Peers.Policy;

/// <summary>
/// A small file that can be done without: written whole or not at all when something has changed; set aside where it cannot be read.
/// Thread-safe.
/// </summary>
internal sealed class SavedFile(string path, ILogger log)
{
    /// <summary>What is missing or null is damage, not a default.</summary>
    public static readonly JsonSerializerOptions Strict = new() { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    private readonly Lock _writing = new();
    private int _changed;

    public void Touch() => Volatile.Write(ref _changed, 1);

    /// <summary>Gives the text to <paramref name="load"/>; a file that it cannot make sense of is renamed.</summary>
    public void Read(Action<string> load)
    {
        if (!File.Exists(path))
        {
            return;
        }

        try
        {
            load(File.ReadAllText(path));
        }
        catch (Exception error) when (error is JsonException or FormatException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            SetAside(error.Message);
        }
    }

    public void WriteIfChanged(Func<string> text)
    {
        lock (_writing)
        {
            if (Interlocked.Exchange(ref _changed, 0) == 0)
            {
                return;
            }

            try
            {
                Transport.OwnFile.Write(path, text());
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                Touch();
                log.PeerFileNotWritten(path, error.Message);
            }
        }
    }

    private void SetAside(string reason)
    {
        string aside = path + ".damaged";
        try
        {
            File.Move(path, aside, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            reason += " " + error.Message;
        }

        log.PeerFileDamaged(path, reason, aside);
    }
}
