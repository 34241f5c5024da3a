using System.Text.Json;
using Basilisk.Node.Hosting;

namespace Basilisk.Node.Observability;

/// <summary>Structured logs: one JSON object per line in <c>logs/node.log</c> of the data directory.</summary>
internal static class NodeLogging
{
    public static void Configure(ILoggingBuilder logging, DataDirectory directory, ErrorCounter errors, TimeProvider time)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddProvider(new JsonFileLoggerProvider(Path.Combine(directory.Logs, "node.log"), errors, time));
    }
}

/// <summary>
/// Writes log lines as JSON; starts a new file above a size and keeps one old one. A line that cannot be written (a full disk) is
/// counted and left out: what goes wrong with the log must not stop who logs.
/// </summary>
internal sealed class JsonFileLoggerProvider(string path, ErrorCounter errors, TimeProvider time) : ILoggerProvider
{
    private const long LargestFile = 64L << 20;

    private readonly Lock _gate = new();
    private StreamWriter? _writer;

    public ILogger CreateLogger(string categoryName) => new JsonFileLogger(categoryName, this);

    public void Dispose()
    {
        lock (_gate)
        {
            _writer?.Dispose();
            _writer = null;
        }
    }

    private void Write(LogLevel level, string category, EventId id, string message, Exception? error)
    {
        if (level >= LogLevel.Error)
        {
            errors.Add();
        }

        string line = JsonSerializer.Serialize(new
        {
            time = time.GetUtcNow(),
            level = level.ToString(),
            category,
            @event = id.Id,
            name = id.Name,
            message,
            exception = error?.ToString(),
        });
        lock (_gate)
        {
            try
            {
                if (_writer is null || _writer.BaseStream.Length > LargestFile)
                {
                    Open();
                }

                _writer!.WriteLine(line);
            }
            catch (Exception unwritten) when (unwritten is IOException or UnauthorizedAccessException)
            {
                errors.LineLost();
                _writer = null; // What its buffer holds is lost with it; the next line tries a new one.
            }
        }
    }

    private void Open()
    {
        _writer?.Dispose();
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (File.Exists(path) && new FileInfo(path).Length > LargestFile)
        {
            File.Move(path, path + ".old", overwrite: true);
        }

        _writer = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
    }

    private sealed class JsonFileLogger(string category, JsonFileLoggerProvider owner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            owner.Write(logLevel, category, eventId, formatter(state, exception), exception);
    }
}
