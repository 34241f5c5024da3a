using System.Collections;
using Basilisk.Exact.Hashing;

namespace Basilisk.Node.Peers.Joining;

/// <summary>
/// A file that fills up chunk by chunk in any order, and a small one beside it that says which chunks are there: what was fetched before
/// a restart is not fetched again. Thread-safe.
/// </summary>
internal sealed class ChunkedFile : IDisposable
{
    private readonly Lock _gate = new();
    private readonly FileStream _bytes;
    private readonly string _mapPath;
    private readonly BitArray _there;
    private readonly long _size;

    private ChunkedFile(string path, long size)
    {
        _size = size;
        _mapPath = path + ".chunks";
        Count = ChunkedBytes.ChunkCount(size);
        _there = ReadMap(_mapPath, path, Count, size);
        _bytes = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        _bytes.SetLength(size);
    }

    /// <summary>Chunks in all.</summary>
    public int Count { get; }

    /// <summary>Chunks that are there.</summary>
    public int There { get; private set; }

    /// <summary>Opens a file of a size, with what an earlier run left in it.</summary>
    public static ChunkedFile Open(string path, long size)
    {
        var file = new ChunkedFile(path, size);
        file.There = file._there.Cast<bool>().Count(there => there);
        return file;
    }

    /// <summary>Chunks that are missing, in order.</summary>
    public IReadOnlyList<int> Missing()
    {
        lock (_gate)
        {
            return [.. Enumerable.Range(0, Count).Where(i => !_there[i])];
        }
    }

    /// <summary>Bytes that a chunk must have.</summary>
    public int LengthOf(int chunk) => ChunkedBytes.ChunkLength(_size, chunk);

    /// <summary>Writes a chunk that was checked.</summary>
    /// <exception cref="IOException">The disk is full or the file cannot be written.</exception>
    public void Write(int chunk, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_there[chunk])
            {
                return;
            }

            _bytes.Position = (long)chunk * ChunkedBytes.ChunkSize;
            _bytes.Write(bytes);
            _there[chunk] = true;
            There++;
        }
    }

    /// <summary>Puts on disk what was written, then says so in the map.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            _bytes.Flush(flushToDisk: true);
            var map = new byte[(Count + 7) / 8];
            _there.CopyTo(map, 0);
            File.WriteAllBytes(_mapPath + ".part", map);
            File.Move(_mapPath + ".part", _mapPath, overwrite: true);
        }
    }

    public void Dispose() => _bytes.Dispose();

    // A map without its file, or of another size, says nothing.
    private static BitArray ReadMap(string mapPath, string path, int count, long size)
    {
        bool isOurs = File.Exists(path) && new FileInfo(path).Length == size && File.Exists(mapPath) && new FileInfo(mapPath).Length == (count + 7) / 8;
        return isOurs ? new BitArray(File.ReadAllBytes(mapPath)) { Length = count } : new BitArray(count);
    }
}
