using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Basilisk.Node.Cli.Simulate.Hosts;

/// <summary>Runs a step in a named network namespace (<c>ip netns</c>), on a thread of its own that ends with it.</summary>
internal static partial class NetworkNamespace
{
    private const int NewNetwork = 0x40000000; // CLONE_NEWNET

    public static Task<T> RunInAsync<T>(string name, Func<T> step)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                Enter(name);
                done.SetResult(step());
            }
            catch (Exception error)
            {
                done.SetException(error); // the thread ends in the other namespace and is of no use to anybody else
            }
        })
        { IsBackground = true };
        thread.Start();
        return done.Task;
    }

    private static void Enter(string name)
    {
        using Microsoft.Win32.SafeHandles.SafeFileHandle handle = File.OpenHandle(Path.Combine("/var/run/netns", name)); // a stream would seek, which this file refuses
        if (SetNamespace(handle, NewNetwork) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeHandle handle, int kind);
}
