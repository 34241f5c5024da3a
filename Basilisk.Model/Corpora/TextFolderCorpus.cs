using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Basilisk.Model.Corpora;

/// <summary>
/// A folder of somebody's own texts: .txt and .md files (each one document, long ones cut at blank lines) and .jsonl files
/// (a document per line, <see cref="JsonlDocument"/>). Files are taken in the ordinal order of their paths below the folder,
/// written with '/', so that the same files give the same corpus on every machine. Hidden files and links are not read.
/// </summary>
public sealed class TextFolderCorpus : ICorpusSource
{
    /// <summary>Largest file, in bytes: it is held in memory at once.</summary>
    public const long MaxFileBytes = 512L * 1024 * 1024;

    /// <summary>A plain text longer than this (in characters) is cut at the next blank line, so that a book is not one document.</summary>
    private const int CutAfter = 4096;

    private static readonly string[] Extensions = [".txt", ".md", ".jsonl"];

    private readonly string _folder;

    public TextFolderCorpus(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        _folder = Path.GetFullPath(folder);
    }

    public string Name => _folder;

    /// <inheritdoc/>
    /// <exception cref="CorpusException">The folder, a file or a line cannot be used; the type names the cause.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public IEnumerable<CorpusDocument> Read(CancellationToken cancellation)
    {
        bool any = false;
        foreach (string file in Files())
        {
            cancellation.ThrowIfCancellationRequested();
            byte[] bytes = ReadUtf8(file);
            IEnumerable<CorpusDocument> documents = file.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase)
                ? Lines(file, bytes, cancellation)
                : Parts(bytes).Select(CorpusDocument.Plain);
            foreach (CorpusDocument document in documents.Where(document => document.Texts.Any(text => !string.IsNullOrWhiteSpace(text))))
            {
                any = true;
                yield return document;
            }
        }

        if (!any)
        {
            throw new CorpusFolderEmptyException(_folder);
        }
    }

    /// <summary>The files that are read, in order.</summary>
    /// <exception cref="CorpusFolderMissingException">The folder does not exist.</exception>
    public IReadOnlyList<string> Files()
    {
        if (!Directory.Exists(_folder))
        {
            throw new CorpusFolderMissingException(_folder);
        }

        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            IgnoreInaccessible = false,
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint,
        };
        return [.. Directory.EnumerateFiles(_folder, "*", options)
            .Where(file => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            .OrderBy(file => Path.GetRelativePath(_folder, file).Replace(Path.DirectorySeparatorChar, '/'), StringComparer.Ordinal)];
    }

    private static byte[] ReadUtf8(string file)
    {
        long length = new FileInfo(file).Length;
        if (length > MaxFileBytes)
        {
            throw new CorpusFileTooLargeException(file, length, MaxFileBytes);
        }

        byte[] bytes = File.ReadAllBytes(file);
        if (!Utf8.IsValid(bytes))
        {
            throw new CorpusFileNotUtf8Exception(file, FirstWrongByte(bytes));
        }

        return bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes[3..] : bytes; // a byte order mark says nothing in UTF-8
    }

    private static long FirstWrongByte(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (Rune.DecodeFromUtf8(bytes[at..], out _, out int length) == OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }

    private static IEnumerable<CorpusDocument> Lines(string file, byte[] bytes, CancellationToken cancellation)
    {
        int number = 0;
        for (int start = 0; start < bytes.Length;)
        {
            cancellation.ThrowIfCancellationRequested();
            number++;
            int length = bytes.AsSpan(start).IndexOf((byte)'\n');
            ReadOnlyMemory<byte> line = bytes.AsMemory(start, length < 0 ? bytes.Length - start : length);
            start += line.Length + 1;
            if (line.Span.Trim(" \t\r"u8).IsEmpty)
            {
                continue;
            }

            if (!JsonlDocument.TryRead(line, out CorpusDocument? document, out JsonlRefusal? refusal))
            {
                throw new CorpusLineMalformedException(file, number, refusal);
            }

            yield return document;
        }
    }

    private static IEnumerable<string> Parts(byte[] bytes)
    {
        string text = Encoding.UTF8.GetString(bytes).Replace("\r\n", "\n", StringComparison.Ordinal);
        for (int start = 0; start < text.Length;)
        {
            int from = Math.Min(start + CutAfter, text.Length);
            int blank = text.IndexOf("\n\n", from, StringComparison.Ordinal);
            int end = blank < 0 ? text.Length : blank;
            yield return text[start..end].Trim('\n');
            start = end;
            while (start < text.Length && text[start] == '\n')
            {
                start++;
            }
        }
    }
}
