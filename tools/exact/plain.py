"""The forward pass and the loss of docs/numbers.md once more, one number at a time, with nothing but the standard library.

forward.py does the same over numpy and about a hundred times faster; this one runs wherever Python does, and reads like the page.
"""
import functools
import math
import operator

SATURATED = (1 << 31) - 1
GUARD = 200            # fraction bits of the series behind the tables


# --- 1. conventions -------------------------------------------------------------------------------------------------

def shifted(x, s):
    return (x + (1 << (s - 1))) >> s if s > 0 else x


def divided(n, d):
    return (2 * n + d) // (2 * d)


def saturate(x):
    return SATURATED if x > SATURATED else -SATURATED if x < -SATURATED else x


def rescale(x, s):
    return saturate(shifted(x, s)) if s >= 0 else saturate(saturate(x) << -s)


def quantise(row, bits):
    largest = (1 << (bits - 1)) - 1
    s = max(0, max(max(row), -min(row)).bit_length() - (bits - 1))
    return [max(-largest, min(largest, shifted(x, s))) for x in row], s


def dot(a, b):
    return sum(map(operator.mul, a, b))


# --- 2. tables ------------------------------------------------------------------------------------------------------

def nearest(x, bits):
    """From the guard's fraction bits to so many, half up."""
    return (x + (1 << (GUARD - bits - 1))) >> (GUARD - bits)


@functools.cache
def ln2():
    """The sum of 1 / (n 2^n)."""
    total, n = 0, 1
    while n < GUARD + 40:
        total += (1 << (GUARD + 40 - n)) // n
        n += 1
    return total >> 40


def exp(x):
    """e^x for a number with the guard's fraction bits: Taylor after halving eight times, squared back with bits to spare."""
    spare = 64
    one = 1 << (GUARD + spare)
    n = x // ln2()
    r = ((x - n * ln2()) << spare) >> 8
    term = total = one
    k = 1
    while term:
        term = (term * r >> (GUARD + spare)) // k
        total += term
        k += 1
    for _ in range(8):
        total = total * total >> (GUARD + spare)
    return total << n >> spare if n >= 0 else total >> (spare - n)


def log2_of(numerator, denominator):
    """Of a number in 1 … 2, bit by bit: the square of 2^x is 2^(2x)."""
    spare = 80
    x = (numerator << (GUARD + spare)) // denominator
    if x == 2 << (GUARD + spare):
        return 1 << GUARD
    out = 0
    for bit in range(1, 120):
        x = x * x >> (GUARD + spare)
        if x >> (GUARD + spare + 1):
            out |= 1 << (GUARD - bit)
            x >>= 1
    return out


@functools.cache
def cos_sin(angle):
    """By halving the angle and doubling back; the angle has the guard's fraction bits."""
    halvings = max(0, angle.bit_length() - GUARD + 8)
    spare = halvings + 64
    one = 1 << (GUARD + spare)
    r = (angle << spare) >> halvings
    cos, sin, term, n = 0, 0, one, 0
    while term:
        if n % 2 == 0:
            cos += term if n % 4 == 0 else -term
        else:
            sin += term if n % 4 == 1 else -term
        n += 1
        term = (term * r >> (GUARD + spare)) // n
    for _ in range(halvings):
        cos, sin = (cos * cos - sin * sin) >> (GUARD + spare), (2 * cos * sin) >> (GUARD + spare)
    return cos >> spare, sin >> spare


@functools.cache
def exponential_table():
    return [nearest(exp(-(i * ln2()) // 1024), 30) for i in range(1025)]


@functools.cache
def sigmoid_table():
    one = 1 << GUARD
    return [nearest((one << GUARD) // (one + exp((i << GUARD) // 256)), 30) for i in range(22 * 256 + 1)]


@functools.cache
def logarithm_table():
    return [nearest(log2_of(4096 + i, 4096), 30) for i in range(4097)]


@functools.cache
def rotary(head_width, position):
    """[(cos, sin)] of a position, one for each pair of channels."""
    ln10000 = 4 * (math_ln5() + ln2())
    angles = [position * exp(-(ln10000 * 2 * i // head_width)) for i in range(head_width // 2)]
    return [tuple(nearest(part, 30) for part in cos_sin(angle)) for angle in angles]


@functools.cache
def math_ln5():
    """ln 5 = 2 ln 2 + ln(5/4); ln(5/4) = 2 artanh(1/9)."""
    total, power, n = 0, (1 << (GUARD + 40)) // 9, 1
    while power:
        total += power // n
        power //= 81
        n += 2
    return 2 * ln2() + (2 * total >> 40)


@functools.cache
def score_scale(head_width):
    return nearest(((1 << (3 * GUARD)) // ln2()) // math.isqrt(head_width << (2 * GUARD)), 30)


LOG2_E = nearest((1 << (2 * GUARD)) // ln2(), 30)
LN_2 = nearest(ln2(), 28)
EPSILON = divided(1 << 40, 100_000)


def power(x, bits):
    """2^(−x), x in Q22."""
    table = exponential_table()
    s = (x >> 22) + 30 - bits
    if s > 31:
        return 0
    i, f = (x >> 12) & 1023, x & 4095
    return shifted(table[i] - shifted((table[i] - table[i + 1]) * f, 12), s)


def sigmoid(x):
    table = sigmoid_table()
    a = min(abs(x), (22 << 20) - 1)
    i, f = a >> 12, a & 4095
    low = table[i] - shifted((table[i] - table[i + 1]) * f, 12)
    return low if x < 0 else (1 << 30) - low


def log2(x):
    table = logarithm_table()
    e = x.bit_length() - 1
    m = x << (61 - e)
    i, f = (m >> 49) & 4095, (m >> 29) & ((1 << 20) - 1)
    return (e << 30) + table[i] + shifted((table[i + 1] - table[i]) * f, 20)


# --- 3. forward pass ------------------------------------------------------------------------------------------------

class Model:
    """A checkpoint's weights, matrices quantised. The shape names its sizes as settlement.Shape does."""

    def __init__(self, shape, weights):
        self.shape, self.at, self.weights = shape, 0, weights
        self.embedding = self.rows(shape.vocabulary, shape.width)
        self.layers = []
        for _ in range(shape.layers):
            d, f = shape.width, shape.feed_forward
            layer = {"attention_norm": self.rows(1, d)[0]}
            layer |= {name: self.matrix(d, d) for name in ("query", "key", "value", "output")}
            layer |= {"feed_forward_norm": self.rows(1, d)[0], "gate": self.matrix(f, d), "up": self.matrix(f, d), "down": self.matrix(d, f)}
            self.layers.append(layer)
        self.gain = self.rows(1, shape.width)[0]
        self.head = [quantise(row, 16) for row in self.embedding] if shape.tied else self.matrix(shape.vocabulary, shape.width)
        assert self.at == len(weights)

    def rows(self, rows, columns):
        start, self.at = self.at, self.at + rows * columns
        return [self.weights[start + r * columns:start + (r + 1) * columns] for r in range(rows)]

    def matrix(self, rows, columns):
        return [quantise(row, 16) for row in self.rows(rows, columns)]


def product(matrix, x, fraction):
    q, s = quantise(x, 18)
    return [rescale(dot(row, q), 24 + fraction - 20 - s - shift) for row, shift in matrix]


def norm(h, gain):
    k = max(0, max(max(h), -min(h)).bit_length() - 24)
    mean = divided(sum(shifted(x, k) ** 2 for x in h), len(h)) + shifted(EPSILON, 2 * k)
    e = (62 - mean.bit_length()) // 2
    v = divided(1 << 61, math.isqrt(mean << (2 * e)))
    return [shifted(x * v, 37 + k - e) * g for x, g in zip(h, gain)]


def rotate(x, turns):
    half = len(x) // 2
    low = [saturate(shifted(a * cos - b * sin, 30)) for a, b, (cos, sin) in zip(x[:half], x[half:], turns)]
    return low + [saturate(shifted(b * cos + a * sin, 30)) for a, b, (cos, sin) in zip(x[:half], x[half:], turns)]


def attend(query, keys, values):
    """One head of one token over the keys and values up to it."""
    q, s_q = query
    scores = [rescale(dot(q, k), 2 * 20 - 22 - s_q - s_k) for k, s_k in keys]
    largest = max(scores)
    weights = [power(largest - score, 18) for score in scores]
    total = sum(weights)
    return [divided(dot(weights, channel), total) for channel in zip(*values)]


def attention(layer, states, shape):
    width = shape.width // shape.heads
    scale = score_scale(width)
    keys, values, out = [[] for _ in range(shape.heads)], [[] for _ in range(shape.heads)], []
    for position, h in enumerate(states):
        y = norm(h, layer["attention_norm"])
        q, k, v = (product(layer[name], y, 48) for name in ("query", "key", "value"))
        turns, mixed = rotary(width, position), []
        for head in range(shape.heads):
            part = slice(head * width, (head + 1) * width)
            keys[head].append(quantise(rotate(k[part], turns), 16))
            values[head].append(v[part])
            query = quantise([saturate(shifted(x * scale, 30)) for x in rotate(q[part], turns)], 18)
            mixed += attend(query, keys[head], values[head])
        out.append([saturate(a + b) for a, b in zip(h, product(layer["output"], mixed, 20))])
    return out


def feed_forward(layer, h):
    y = norm(h, layer["feed_forward_norm"])
    z = [shifted(a * sigmoid(a), 30) * b for a, b in zip(product(layer["gate"], y, 48), product(layer["up"], y, 48))]
    return [saturate(a + b) for a, b in zip(h, product(layer["down"], z, 40))]


# --- 4. loss --------------------------------------------------------------------------------------------------------

def token_loss(logits, target):
    largest = max(logits)
    total = sum(power(shifted((largest - logit) * LOG2_E, 28), 30) for logit in logits if largest - logit <= 22 << 20)
    return shifted((log2(total) - (30 << 30)) * LN_2, 34) + (largest - logits[target]) * 16


def losses(model, sequences):
    """[N][T + 1] tokens → N sums of the targets' losses, nats in Q24."""
    out = []
    for tokens in sequences:
        states = [[shifted(x, 4) for x in model.embedding[token]] for token in tokens[:-1]]
        for layer in model.layers:
            states = [feed_forward(layer, h) for h in attention(layer, states, model.shape)]
        out.append(sum(token_loss(product(model.head, norm(h, model.gain), 48), target) for h, target in zip(states, tokens[1:])))
    return out
