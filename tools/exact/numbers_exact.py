"""Number formats, rounding and tables of docs/numbers.md, in Python integers and numpy int64.

A second implementation: it shares no code with Basilisk.Exact and was written from the page. Tables come from Python's
big integers by other series than the C# code uses, which checks that both are correctly rounded.
"""
import functools

import numpy as np

I64 = np.int64
SATURATED = (1 << 31) - 1

STREAM_BITS = 20       # residual stream, projections, logits
MASTER_BITS = 24       # master weights
WEIGHT_SUM_BITS = 18   # attention weights
LOSS_BITS = 24

GUARD = 200            # fraction bits of the big-integer series


# --- rounding -------------------------------------------------------------------------------------------------------

def round_shift(x, shift):
    """x / 2^shift, half up; shift may be an array and is not negative."""
    half = np.where(np.asarray(shift) > 0, I64(1) << np.maximum(np.asarray(shift, dtype=I64) - 1, 0), 0)
    return (x + half) >> shift


def round_divide(n, d):
    """n / d, half up, d > 0."""
    return (2 * n + d) // (2 * d)


def saturate(x):
    return np.clip(x, -SATURATED, SATURATED)


def rescale(x, shift):
    """x · 2^-shift, saturated; shift may be negative."""
    right = round_shift(x, np.maximum(shift, 0))
    left = saturate(x) << np.maximum(-shift, 0)
    return saturate(np.where(shift >= 0, right, left))


def bit_length(x):
    """Bits of non-negative int64 numbers, exactly."""
    x = np.asarray(x, dtype=I64).copy()
    bits = np.zeros_like(x)
    for step in (32, 16, 8, 4, 2, 1):
        high = x >> step > 0
        bits += np.where(high, step, 0)
        x = np.where(high, x >> step, x)
    return bits + (x > 0)


def isqrt(x):
    """Floor of the square root of int64 numbers: a float64 guess, corrected in integers."""
    r = np.sqrt(x.astype(np.float64)).astype(I64)
    for _ in range(2):
        r = np.where(r * r > x, r - 1, r)
        r = np.where((r + 1) * (r + 1) <= x, r + 1, r)
    assert np.all((r * r <= x) & ((r + 1) * (r + 1) > x))
    return r


# --- tables ---------------------------------------------------------------------------------------------------------

def _exp(x, guard=GUARD):
    """e^x, x an integer with `guard` fraction bits: reduced by multiples of ln 2, then Taylor."""
    n = x // _ln2(guard)
    r = x - n * _ln2(guard)
    term = total = 1 << guard
    k = 1
    while term:
        term = (term * r >> guard) // k
        total += term
        k += 1
    return total << n if n >= 0 else total >> -n


def _atanh_inverse(k, guard):
    """artanh(1/k)."""
    power, total, n = (1 << guard) // k, 0, 1
    while power:
        total += power // n
        power //= k * k
        n += 2
    return total


@functools.cache
def _ln2(guard=GUARD):
    # Machin-like: ln 2 = 18 artanh(1/26) − 2 artanh(1/4801) + 8 artanh(1/8749).
    g = guard + 16
    return (18 * _atanh_inverse(26, g) - 2 * _atanh_inverse(4801, g) + 8 * _atanh_inverse(8749, g)) >> 16


@functools.cache
def _ln10000(guard=GUARD):
    # ln 5 = 2 ln 2 + 2 artanh(1/9); ln 10,000 = 4 (ln 2 + ln 5).
    return 4 * (3 * _ln2(guard) + 2 * _atanh_inverse(9, guard))


def _ln(y, guard=GUARD):
    """ln of y in [1, 2] by Newton's iteration on the exponential."""
    x = ((y - (1 << guard)) * 45426) >> 16
    for _ in range(9):
        e = _exp(x, guard)
        x += 2 * (((y - e) << guard) // (y + e))
    return x


def _nearest(x, bits, guard=GUARD):
    return (x + (1 << (guard - bits - 1))) >> (guard - bits)


@functools.cache
def exponential_table():
    return np.array([_nearest(_exp(-(i * _ln2()) // 1024), 30) for i in range(1025)], dtype=I64)


@functools.cache
def sigmoid_table():
    one = 1 << GUARD
    return np.array([_nearest((one << GUARD) // (one + _exp((i << GUARD) // 256)), 30) for i in range(22 * 256 + 1)], dtype=I64)


@functools.cache
def logarithm_table():
    return np.array([_nearest((_ln(((4096 + i) << GUARD) // 4096) << GUARD) // _ln2(), 30) for i in range(4097)], dtype=I64)


def _cos_sin(x, guard=GUARD):
    """Of one angle, reduced by halving twelve times and doubled back."""
    r, one = x >> 12, 1 << guard
    c, s, term, n = 0, 0, one, 0
    while term:
        if n % 2 == 0:
            c += term if n % 4 == 0 else -term
        else:
            s += term if n % 4 == 1 else -term
        n += 1
        term = (term * r >> guard) // n
    for _ in range(12):
        c, s = (c * c - s * s) >> guard, (2 * c * s) >> guard
    return c, s


@functools.cache
def rotary_table(head_width, positions):
    """cos, sin [positions, head_width / 2] in Q30; each angle on its own, from 10000^(−2i / head_width)."""
    cos = np.zeros((positions, head_width // 2), dtype=I64)
    sin = np.zeros_like(cos)
    for i in range(head_width // 2):
        angle = _exp(-(_ln10000() * 2 * i // head_width))
        for p in range(positions):
            c, s = _cos_sin(p * angle)
            cos[p, i], sin[p, i] = _nearest(c, 30), _nearest(s, 30)
    return cos, sin


@functools.cache
def score_scale(head_width):
    """round(2^30 · log2 e / √head_width)."""
    import math
    root = math.isqrt(head_width << (2 * GUARD))
    return _nearest((((1 << GUARD) << GUARD) // _ln2() << GUARD) // root, 30)


LOG2_E = _nearest(((1 << GUARD) << GUARD) // _ln2(), 30)
LN_2 = _nearest(_ln2(), 28)
EPSILON = round_divide(1 << 40, 100_000)   # round(1e-5 · 2^40)


# --- functions ------------------------------------------------------------------------------------------------------

def exp2_negative(x, bits):
    """2^(−x / 2^22) with `bits` fraction bits."""
    table = exponential_table()
    shift = (x >> 22) + 30 - bits
    index, fraction = (x >> 12) & 1023, x & 4095
    value = table[index] - round_shift((table[index] - table[index + 1]) * fraction, 12)
    return np.where(shift > 31, 0, round_shift(value, np.minimum(shift, 31)))


def sigmoid(x):
    """Q20 → Q30."""
    table = sigmoid_table()
    magnitude = np.minimum(np.abs(x), (22 << 20) - 1)
    index, fraction = magnitude >> 12, magnitude & 4095
    low = table[index] - round_shift((table[index] - table[index + 1]) * fraction, 12)
    return np.where(x < 0, low, (1 << 30) - low)


def log2(x):
    """Positive int64 → Q30."""
    table = logarithm_table()
    exponent = bit_length(x) - 1
    mantissa = x << (61 - exponent)
    index, fraction = (mantissa >> 49) & 4095, (mantissa >> 29) & ((1 << 20) - 1)
    return (exponent << 30) + table[index] + round_shift((table[index + 1] - table[index]) * fraction, 20)


def quantise(x, bits):
    """Rows (last axis) with a power-of-two scale: (q, shift); x ≈ q · 2^shift."""
    largest = (1 << (bits - 1)) - 1
    shift = np.maximum(0, bit_length(np.abs(x).max(-1, keepdims=True)) - (bits - 1))
    return np.clip(round_shift(x, shift), -largest, largest), shift


def exact_product(a, b):
    """a @ bᵀ over the last axes, exactly: float64 holds every partial sum while they stay below 2^53."""
    assert a.shape[-1] <= 1 << 22
    return (a.astype(np.float64) @ np.swapaxes(b, -1, -2).astype(np.float64)).astype(I64)
