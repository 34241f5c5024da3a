using Basilisk.Compute.Threading;

namespace Basilisk.Model.Gemm;

/// <summary>Single-precision matrix products with one kind of vector (the BLIS scheme: pack both sides, multiply tile by tile).</summary>
public abstract class GemmEngine
{
    private protected GemmEngine(string name)
    {
        Name = name;
    }

    /// <summary>avx512, avx2 or portable.</summary>
    public string Name { get; }

    /// <summary>Floats that a packed B[rows, columns] takes.</summary>
    public abstract long PackedLength(int rows, int columns);

    /// <summary>Packs B so that many products can use it.</summary>
    /// <param name="right">B[K, N], transposed views included.</param>
    /// <param name="target">Room for <see cref="PackedLength"/> floats, 64-byte aligned for speed.</param>
    public abstract unsafe PackedMatrix Pack(Matrix right, float* target);

    /// <summary>C[M, N] (+)= A[M, K]·B[K, N] on the calling thread. A may have fewer columns, and C fewer columns, than the packed B has rows and columns.</summary>
    public abstract void Multiply(Matrix left, PackedMatrix right, Matrix result, bool accumulate, GemmWorkspace workspace);

    /// <summary>C[M, N] (+)= A[M, K]·B[K, N] on the calling thread.</summary>
    public unsafe void Multiply(Matrix left, Matrix right, Matrix result, bool accumulate, GemmWorkspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        PackedMatrix packed = Pack(right, workspace.Right(PackedLength(right.Rows, right.Columns)));
        Multiply(left, packed, result, accumulate, workspace);
    }

    /// <summary>C[M, N] (+)= A[M, K]·B[K, N] over a team: B's panels are packed, then C's blocks of rows computed, by whoever is free.</summary>
    /// <param name="left">A.</param>
    /// <param name="right">B.</param>
    /// <param name="result">C, not transposed.</param>
    /// <param name="accumulate">Whether C's old values are added.</param>
    /// <param name="team">The threads.</param>
    /// <param name="workspaces">One for each thread; the first also holds packed B.</param>
    public abstract void Multiply(Matrix left, Matrix right, Matrix result, bool accumulate, WorkerTeam team, IReadOnlyList<GemmWorkspace> workspaces);
}
