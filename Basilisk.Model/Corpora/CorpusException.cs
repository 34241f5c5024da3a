namespace Basilisk.Model.Corpora;

/// <summary>A user's corpus that cannot be used; each cause has its own type, each message its next step.</summary>
public abstract class CorpusException(string message) : Exception(message);

/// <summary>The folder does not exist.</summary>
public sealed class CorpusFolderMissingException(string folder)
    : CorpusException($"There is no folder {folder}. Give the folder that holds your .txt, .md or .jsonl files.")
{
    public string Folder { get; } = folder;
}

/// <summary>The folder has no file of a kind that is read, or only empty ones.</summary>
public sealed class CorpusFolderEmptyException(string folder)
    : CorpusException($"The folder {folder} has no text: put .txt, .md or .jsonl files into it or into folders below it (hidden files and links are not read).")
{
    public string Folder { get; } = folder;
}

/// <summary>A file is larger than one document list may come from.</summary>
public sealed class CorpusFileTooLargeException(string file, long bytes, long limit)
    : CorpusException($"{file} has {bytes} bytes; a file may have {limit}. Split it into several.")
{
    public string File { get; } = file;

    public long Bytes { get; } = bytes;

    public long Limit { get; } = limit;
}

/// <summary>A file holds bytes that are not UTF-8.</summary>
public sealed class CorpusFileNotUtf8Exception(string file, long offset)
    : CorpusException($"{file} is not UTF-8: the byte at offset {offset} fits no character. Convert it, e.g. with iconv -f LATIN1 -t UTF-8, or take it out of the folder.")
{
    public string File { get; } = file;

    /// <summary>Place of the first wrong byte, from 0.</summary>
    public long Offset { get; } = offset;
}

/// <summary>A line of a .jsonl file is not a document.</summary>
public sealed class CorpusLineMalformedException(string file, int line, JsonlRefusal refusal)
    : CorpusException($"{file}:{line}: {refusal.Token}: {refusal.Detail} Expected " + JsonlDocument.Expected + " on each line.")
{
    public string File { get; } = file;

    /// <summary>Number of the line, from 1.</summary>
    public int Line { get; } = line;

    public JsonlRefusal Refusal { get; } = refusal;
}

/// <summary>The corpus has too little text for a network.</summary>
public sealed class CorpusTooSmallForNetworkException(string what, long seen, long needed)
    : CorpusException($"The corpus is too small: it gives {seen} {what}, and the network needs {needed}. Add text, or lower the vocabulary, the context or the batches.")
{
    /// <summary>What there is too little of: "tokens" or "distinct tokens".</summary>
    public string What { get; } = what;

    public long Seen { get; } = seen;

    public long Needed { get; } = needed;
}
