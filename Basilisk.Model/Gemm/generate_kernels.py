#!/usr/bin/env python3
"""Writes the matrix-multiply micro-kernels. Each keeps its whole tile of C in named locals, because the JIT puts named
locals, but not arrays, in registers. Run it in this folder: python3 generate_kernels.py"""

KERNELS = (
    # class, vector, lanes, rows, vectors per row, multiply-add, why this tile
    ("Avx512Kernel", "Vector512", 16, 12, 2, "Vector512.FusedMultiplyAdd", "24 accumulators, 2 columns of B and one broadcast fill 27 of 32 registers"),
    ("Avx2Kernel", "Vector256", 8, 6, 2, "Vector256.FusedMultiplyAdd", "12 accumulators, 2 columns of B and one broadcast fill 15 of 16 registers"),
    ("PortableKernel", "Vector128", 4, 4, 2, "Vector128.MultiplyAddEstimate", "8 accumulators fit every machine's 16 registers, and plain loops stand in where there are no vectors"),
)


def kernel(name, vector, lanes, rows, columns, fma, reason):
    out = []
    w = out.append
    t = f"{vector}<float>"
    w("// Written by generate_kernels.py; change that.")
    w("using System.Runtime.CompilerServices;")
    w("using System.Runtime.Intrinsics;")
    w("")
    w("namespace Basilisk.Model.Gemm;")
    w("")
    w(f"/// <summary>C[{rows}, {columns * lanes}] (+)= A·B over packed panels: {reason}.</summary>")
    w(f"internal readonly unsafe struct {name} : IMicroKernel")
    w("{")
    w(f"    public static int TileRows => {rows};")
    w("")
    w(f"    public static int TileColumns => {columns * lanes};")
    w("")
    w("    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]")
    w("    public static void Run(int depth, float* a, float* b, float* c, nint stride, bool accumulate)")
    w("    {")
    for i in range(rows):
        w("        " + " ".join(f"{t} c{i}x{j} = {t}.Zero;" for j in range(columns)))
    w("        for (int k = 0; k < depth; k++)")
    w("        {")
    for j in range(columns):
        w(f"            {t} b{j} = {vector}.Load(b{f' + {j * lanes}' if j else ''});")
    w(f"            {t} x;")
    for i in range(rows):
        w(f"            x = {vector}.Create(a[{i}]);")
        for j in range(columns):
            w(f"            c{i}x{j} = {fma}(x, b{j}, c{i}x{j});")
    w(f"            a += {rows};")
    w(f"            b += {columns * lanes};")
    w("        }")
    w("")
    w("        if (accumulate)")
    w("        {")
    for i in range(rows):
        for j in range(columns):
            at = f"c + ({i} * stride)" + (f" + {j * lanes}" if j else "") if i else ("c" + (f" + {j * lanes}" if j else ""))
            w(f"            c{i}x{j} += {vector}.Load({at});")
    w("        }")
    w("")
    for i in range(rows):
        for j in range(columns):
            at = f"c + ({i} * stride)" + (f" + {j * lanes}" if j else "") if i else ("c" + (f" + {j * lanes}" if j else ""))
            w(f"        c{i}x{j}.Store({at});")
    w("    }")
    w("}")
    return "\n".join(out) + "\n"


for spec in KERNELS:
    with open(spec[0] + ".cs", "w", encoding="utf-8") as file:
        file.write(kernel(*spec))
