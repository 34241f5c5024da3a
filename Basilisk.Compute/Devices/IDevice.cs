namespace Basilisk.Compute.Devices;

/// <summary>Something that can train or judge: what a person sees in the status and what a scheduler plans with.</summary>
public interface IDevice
{
    /// <summary>Name as its maker gives it.</summary>
    string Name { get; }

    /// <summary>cpu, opencl or cuda.</summary>
    string Kind { get; }

    /// <summary>Work items that run at the same time.</summary>
    int Threads { get; }

    /// <summary>Memory it can hold models and activations in, bytes.</summary>
    long MemoryBytes { get; }
}
