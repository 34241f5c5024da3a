using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Hashing;

namespace Basilisk.Node.Checkpoints;

/// <summary>
/// The checkpoints of the last rounds, in memory and as files named by their root. A file is a cache: it is checked against its
/// name when read, and what is missing or damaged is rebuilt from the chain's payloads.
/// </summary>
/// <param name="folder">Where the files lie.</param>
/// <param name="maximumWeights">Cap checked before anything is allocated.</param>
/// <param name="log">Tells of damaged files.</param>
public sealed class CheckpointStore(string folder, int maximumWeights, ILogger log)
{
    private const string Extension = ".checkpoint";

    private readonly Lock _gate = new();
    private readonly Dictionary<Hash256, Checkpoint> _held = [];

    /// <summary>The checkpoint, or null where it is not held and no sound file has it.</summary>
    public Checkpoint? Find(Hash256 root)
    {
        lock (_gate)
        {
            if (_held.TryGetValue(root, out Checkpoint? held))
            {
                return held;
            }

            if (Read(root) is { } read)
            {
                _held[root] = read;
                return read;
            }

            return null;
        }
    }

    /// <exception cref="InvalidOperationException">The checkpoint is not there: its round was not replayed.</exception>
    public Checkpoint Get(Hash256 root) => Find(root)
        ?? throw new InvalidOperationException($"Checkpoint {root} is not held; its round must be replayed first.");

    /// <summary>Holds a checkpoint in memory and on disk. A full disk costs the file, not the checkpoint.</summary>
    public void Put(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        lock (_gate)
        {
            if (!_held.TryAdd(checkpoint.Root, checkpoint))
            {
                return;
            }

            try
            {
                Write(checkpoint);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                log.CheckpointNotWritten(PathOf(checkpoint.Root), error.Message);
            }
        }
    }

    /// <summary>Lets go of every checkpoint, in memory and on disk, that is not in the set.</summary>
    public void Keep(IReadOnlySet<Hash256> roots)
    {
        lock (_gate)
        {
            foreach (Hash256 root in _held.Keys.Where(root => !roots.Contains(root)).ToList())
            {
                _held.Remove(root);
            }

            try
            {
                RemoveFiles(roots);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                log.CheckpointNotRemoved(folder, error.Message);
            }
        }
    }

    /// <summary>Files of earlier runs too: what is on disk need not be in memory.</summary>
    private void RemoveFiles(IReadOnlySet<Hash256> roots)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        HashSet<string> kept = [.. roots.Select(PathOf)];
        foreach (string path in Directory.EnumerateFiles(folder, "*" + Extension).Where(path => !kept.Contains(path)).ToList())
        {
            File.Delete(path);
        }
    }

    private Checkpoint? Read(Hash256 root)
    {
        string path = PathOf(root);
        if (!File.Exists(path))
        {
            return null;
        }

        if (!CheckpointCodec.TryDecode(File.ReadAllBytes(path), maximumWeights, out Checkpoint? checkpoint, out CheckpointRefusal? refusal))
        {
            SetAside(path, refusal.Token);
            return null;
        }

        if (checkpoint.Root != root)
        {
            SetAside(path, $"root {checkpoint.Root} instead of {root}");
            return null;
        }

        return checkpoint;
    }

    private void SetAside(string path, string reason)
    {
        string aside = path + ".damaged";
        File.Move(path, aside, overwrite: true);
        log.CheckpointDamaged(path, reason, aside);
    }

    private void Write(Checkpoint checkpoint)
    {
        Directory.CreateDirectory(folder);
        string path = PathOf(checkpoint.Root);
        string partial = path + ".partial";
        using (FileStream file = File.Create(partial))
        {
            CheckpointCodec.Write(checkpoint, file);
        }

        File.Move(partial, path, overwrite: true);
    }

    private string PathOf(Hash256 root) => Path.Combine(folder, root.ToString() + Extension);
}
