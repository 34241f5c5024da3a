namespace Basilisk.Model.Gemm;

/// <summary>
/// Floats at a fixed address that is a multiple of 64 bytes, so that vectors never straddle cache lines and pointers stay
/// valid while the buffer is referenced. The garbage collector owns the memory: nothing needs disposing.
/// </summary>
public sealed unsafe class FloatBuffer
{
    private const int AlignmentBytes = 64;
    private readonly float[] _memory;
    private readonly int _start;

    /// <param name="length">Number of floats, all zero at first.</param>
    public FloatBuffer(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = checked((int)length);
        _memory = GC.AllocateArray<float>(checked(Length + (AlignmentBytes / sizeof(float))), pinned: true);

        // Invariant: the array is pinned for its whole life, so this address holds as long as _memory is reachable.
        fixed (float* first = _memory)
        {
            long misalignment = (long)first % AlignmentBytes;
            _start = misalignment == 0 ? 0 : (int)((AlignmentBytes - misalignment) / sizeof(float));
            Pointer = first + _start;
        }
    }

    public int Length { get; }

    /// <summary>The first float; valid while this buffer is referenced.</summary>
    public float* Pointer { get; }

    public Span<float> Span => _memory.AsSpan(_start, Length);

    /// <summary>The same floats for code that runs asynchronously.</summary>
    public Memory<float> Memory => _memory.AsMemory(_start, Length);
}
