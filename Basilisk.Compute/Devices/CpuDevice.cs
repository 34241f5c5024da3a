using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Basilisk.Compute.Devices;

/// <summary>The processor this runs on. It is always present, needs no driver, and is what other devices are compared with.</summary>
public sealed class CpuDevice : IDevice
{
    private const string LinuxProcessorFile = "/proc/cpuinfo";

    private CpuDevice(string name, int threads, long memoryBytes)
    {
        Name = name;
        Threads = threads;
        MemoryBytes = memoryBytes;
    }

    public string Name { get; }

    public string Kind => "cpu";

    public int Threads { get; }

    public long MemoryBytes { get; }

    /// <summary>Width of the widest vectors the run-time uses here, bits.</summary>
    public static int VectorBits =>
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 32;

    /// <summary>Describes this machine's processor.</summary>
    /// <param name="threads">Threads to use; null for all that this process may use.</param>
    public static CpuDevice Detect(int? threads = null)
    {
        int available = Environment.ProcessorCount;
        int used = threads ?? available;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(used, nameof(threads));
        string name = ReadProcessorName() ?? RuntimeInformation.ProcessArchitecture.ToString();
        return new CpuDevice(name, used, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
    }

    private static string? ReadProcessorName()
    {
        if (!File.Exists(LinuxProcessorFile))
        {
            return null;
        }

        foreach (string line in File.ReadLines(LinuxProcessorFile))
        {
            if (line.StartsWith("model name", StringComparison.Ordinal) && line.Split(':', 2) is [_, var name])
            {
                return name.Trim();
            }
        }

        return null;
    }
}
