#!/usr/bin/env python3
"""Second implementation of docs/numbers-settlement.md, from its text: streams, trees, checkpoints, corpora, batches,
payloads and the settlement of a round. It shares no code with Basilisk.Exact; Python's whole numbers have no width, so
nothing here can overflow. Needs only the standard library.

  settlement.py write DIR   writes the golden vectors (tests/vectors/settlement)
  settlement.py check DIR   makes them anew and compares
"""

import hashlib
import json
import math
import os
import struct
import sys
from fractions import Fraction

LIMIT = 2**31 - 1
ONE_Q16 = 1 << 16
CHUNK_BYTES = 64 * 1024
CHUNK_WEIGHTS = 4096


# --- Rounding -------------------------------------------------------------------------------------------------------

def nearest(numerator, denominator):
    """Nearest integer, ties away from zero."""
    magnitude = (abs(numerator) + denominator // 2) // denominator
    return magnitude if numerator >= 0 else -magnitude


def saturate(value):
    return max(-LIMIT, min(LIMIT, value))


def toward_zero(numerator, denominator):
    magnitude = abs(numerator) // denominator
    return magnitude if numerator >= 0 else -magnitude


# --- Hashes, trees, streams -----------------------------------------------------------------------------------------

def sha256(data):
    return hashlib.sha256(data).digest()


def leaf_hash(data):
    return sha256(b"\x00" + data)


def merkle_root(leaves):
    """RFC 6962 2.1, by its recursive definition over leaf hashes."""
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + merkle_root(leaves[:split]) + merkle_root(leaves[split:]))


def chunked_root(data):
    return merkle_root([leaf_hash(data[at:at + CHUNK_BYTES]) for at in range(0, len(data), CHUNK_BYTES)])


class Stream:
    """SHA-256 in counter mode."""

    def __init__(self, seed, label, index=0):
        name = label.encode("ascii")
        self.key = sha256(bytes([len(name)]) + name + seed + struct.pack("<Q", index))
        self.block = 0
        self.words = []

    def next(self):
        if not self.words:
            self.words = list(struct.unpack("<4Q", sha256(self.key + struct.pack("<Q", self.block))))
            self.block += 1
        return self.words.pop(0)

    def below(self, bound):
        limit = 2**64 - 2**64 % bound
        while True:
            draw = self.next()
            if draw < limit:
                return draw % bound


# --- Checkpoints ----------------------------------------------------------------------------------------------------

class Shape:
    def __init__(self, vocabulary, width, layers, heads, feed_forward, context, tied):
        self.sizes = (vocabulary, width, layers, heads, feed_forward, context)
        self.vocabulary, self.width, self.layers, self.heads, self.feed_forward, self.context = self.sizes
        self.tied = tied

    def tensors(self):
        """(kind, rows, columns) in layout order."""
        v, d, f = self.vocabulary, self.width, self.feed_forward
        out = [("table", v, d)]
        for _ in range(self.layers):
            out += [("gain", 1, d), ("plain", d, d), ("plain", d, d), ("plain", d, d), ("residual", d, d),
                    ("gain", 1, d), ("plain", f, d), ("plain", f, d), ("residual", d, f)]
        out.append(("gain", 1, d))
        if not self.tied:
            out.append(("table", v, d))
        return out

    def count(self):
        return sum(rows * columns for _, rows, columns in self.tensors())


def initial_weights(shape, seed):
    stream = Stream(seed, "basilisk/initial-weights")
    weights = []
    for kind, rows, columns in shape.tensors():
        if kind == "gain":
            weights += [1 << 24] * (rows * columns)
            continue
        if kind == "table":
            deviation = 335544
        else:
            inputs = columns * (2 * shape.layers if kind == "residual" else 1)
            deviation = math.isqrt((1 << 48) // inputs)
        for _ in range(rows * columns):
            total = sum(struct.unpack("<4H", struct.pack("<Q", stream.next())))
            weights.append(nearest((total - 131070) * deviation, 37837))
    return weights


def checkpoint_bytes(shape, weights):
    header = b"BSKC" + struct.pack("<HH", 1, 1 if shape.tied else 0) + struct.pack("<7I", *shape.sizes, len(weights))
    return header + struct.pack(f"<{len(weights)}i", *weights)


def checkpoint_root(shape, weights):
    return chunked_root(checkpoint_bytes(shape, weights))


# --- Corpora and batches --------------------------------------------------------------------------------------------

class Corpus:
    def __init__(self, vocabulary, tokens, holdout_permille):
        self.vocabulary, self.tokens, self.permille = vocabulary, tokens, holdout_permille
        self.training = len(tokens) - len(tokens) * holdout_permille // 1000

    def bytes(self):
        header = b"BSKT" + struct.pack("<HHII", 1, self.permille, self.vocabulary, len(self.tokens))
        return header + struct.pack(f"<{len(self.tokens)}H", *self.tokens)


def judging_batches(corpus, length, seed, paid, confirmation):
    stream = Stream(seed, "basilisk/judging-batches")
    window = length + 1
    phase = stream.below(window)
    slots = (corpus.training - phase) // window
    drawn = []
    seen = set()
    while len(drawn) < paid + confirmation:
        slot = stream.below(slots)
        if slot not in seen:
            seen.add(slot)
            drawn.append(slot)
    windows = [corpus.tokens[phase + slot * window:phase + (slot + 1) * window] for slot in drawn]
    return windows[:paid], windows[paid:]


def training_batch(corpus, length, seed, index, sequences):
    stream = Stream(seed, "basilisk/training-batches", index)
    starts = [stream.below(corpus.training - length) for _ in range(sequences)]
    return [corpus.tokens[start:start + length + 1] for start in starts]


def holdout_batch(corpus, length, sequences):
    window = length + 1
    slots = (len(corpus.tokens) - corpus.training) // window
    starts = [corpus.training + i * slots // sequences * window for i in range(sequences)]
    return [corpus.tokens[start:start + window] for start in starts]


# --- Payloads -------------------------------------------------------------------------------------------------------

class Bits:
    """A string of bits, the first the lowest bit of the first byte."""

    def __init__(self):
        self.value, self.length = 0, 0

    def put(self, value, count):
        self.value |= value << self.length
        self.length += count

    def bytes(self):
        return self.value.to_bytes((self.length + 7) // 8, "little")


def low_bits(entries):
    return 12 - (entries - 1).bit_length()


def block_bits(entries, level_bits):
    low = low_bits(entries)
    return entries * (low + level_bits) + entries + (1 << (12 - low)) - 1


def encode_payload(delta, weight_count, level_bits):
    """delta: {index: value}; values of a chunk are levels of one power of two."""
    chunks = (weight_count + CHUNK_WEIGHTS - 1) // CHUNK_WEIGHTS
    by_chunk = [[] for _ in range(chunks)]
    for index in sorted(delta):
        by_chunk[index // CHUNK_WEIGHTS].append((index % CHUNK_WEIGHTS, delta[index]))
    out = b"BSKP" + struct.pack("<BBHII", 1, level_bits, 0, weight_count, len(delta))
    out += b"".join(struct.pack("<H", len(entries)) for entries in by_chunk)
    for entries in by_chunk:
        if entries:
            out += encode_block(entries, level_bits)
    return out


def encode_block(entries, level_bits):
    scale = 0
    while all(value % (2 << scale) == 0 for _, value in entries):
        scale += 1
    low = low_bits(len(entries))
    bits = Bits()
    for index, _ in entries:
        bits.put(index % (1 << low), low)
    zeros = 0
    for index, _ in entries:
        high = index >> low
        bits.put(0, high - zeros)
        bits.put(1, 1)
        zeros = high
    bits.put(0, (1 << (12 - low)) - 1 - zeros)
    for _, value in entries:
        level = toward_zero(value, 1 << scale)
        assert 1 <= abs(level) <= 1 << (level_bits - 1) and scale <= 23
        bits.put(2 * (abs(level) - 1) + (1 if level < 0 else 0), level_bits)
    assert bits.length == block_bits(len(entries), level_bits)
    return bytes([scale]) + bits.bytes()


class Refused(Exception):
    pass


def decode_payload(data, weight_count, k, level_bits):
    """The delta as {index: value}; Refused with the token otherwise, checks in the order of the document."""
    chunks = (weight_count + CHUNK_WEIGHTS - 1) // CHUNK_WEIGHTS
    if len(data) < 16 + 2 * chunks:
        raise Refused("payload-too-short")
    version, bits, reserved, weights, stated = struct.unpack("<BBHII", data[4:16])
    for wrong, token in ((data[:4] != b"BSKP", "payload-magic-unknown"), (version != 1, "payload-version-unknown"),
                         (bits != level_bits, "payload-level-bits-mismatch"), (reserved != 0, "payload-padding-not-zero"),
                         (weights != weight_count, "payload-weight-count-mismatch")):
        if wrong:
            raise Refused(token)
    counts = struct.unpack(f"<{chunks}H", data[16:16 + 2 * chunks])
    sizes = [min(CHUNK_WEIGHTS, weight_count - chunk * CHUNK_WEIGHTS) for chunk in range(chunks)]
    if any(count > min(k, size) for count, size in zip(counts, sizes)):
        raise Refused("payload-chunk-over-limit")
    if sum(counts) != stated:
        raise Refused("payload-entry-count-mismatch")
    if stated == 0:
        raise Refused("payload-empty")
    total = 16 + 2 * chunks + sum(1 + (block_bits(n, level_bits) + 7) // 8 for n in counts if n)
    if len(data) != total:
        raise Refused("payload-length-mismatch")
    delta = {}
    at = 16 + 2 * chunks
    for chunk, count in enumerate(counts):
        if count:
            size = 1 + (block_bits(count, level_bits) + 7) // 8
            for index, value in decode_block(data[at:at + size], count, sizes[chunk], level_bits):
                delta[chunk * CHUNK_WEIGHTS + index] = value
            at += size
    return delta


def decode_block(block, count, size, level_bits):
    scale = block[0]
    if scale > 23:
        raise Refused("payload-scale-out-of-range")
    bits = int.from_bytes(block[1:], "little")

    def take(n):
        nonlocal bits
        value = bits & ((1 << n) - 1)
        bits >>= n
        return value

    low = low_bits(count)
    lows = [take(low) for _ in range(count)]
    places = [take(1) for _ in range(count + (1 << (12 - low)) - 1)]
    if sum(places) != count:
        raise Refused("payload-index-map-malformed")
    ones = [place for place, bit in enumerate(places) if bit]
    indices = [((place - i) << low) | lows[i] for i, place in enumerate(ones)]
    previous = -1
    for index in indices:
        if index <= previous:
            raise Refused("payload-index-not-ascending")
        if index >= size:
            raise Refused("payload-index-out-of-range")
        previous = index
    levels = []
    for _ in range(count):
        code = take(level_bits)
        levels.append(((code >> 1) + 1) * (-1 if code & 1 else 1))
    if all(level % 2 == 0 for level in levels):
        raise Refused("payload-scale-not-canonical")
    if bits != 0:
        raise Refused("payload-padding-not-zero")
    return [(index, level << scale) for index, level in zip(indices, levels)]


# --- The toy loss ---------------------------------------------------------------------------------------------------

def toy_optimum(k):
    return (((k + 1) * 0x9E3779B97F4A7C15 % 2**64) >> 41) - (1 << 22)


class ToyJudge:
    def __init__(self, count):
        self.optimum = [toy_optimum(k) for k in range(count)]
        self.evaluations = 0

    def __call__(self, weights, batch):
        self.evaluations += 1
        out = []
        for tokens in batch:
            loss = 0
            for left, right in zip(tokens, tokens[1:]):
                for look in range(8):
                    k = (left * 31 + right * 517 + look * 1999) % len(weights)
                    loss += ((weights[k] - self.optimum[k]) >> 10) ** 2
            out.append(loss)
        return out


# --- Settlement -----------------------------------------------------------------------------------------------------

def square(delta):
    return sum(value * value for value in delta.values())


def dot(left, right):
    return sum(value * right[index] for index, value in left.items() if index in right)


def scale(delta, numerator, denominator):
    out = {index: saturate(nearest(value * numerator, denominator)) for index, value in delta.items()}
    return {index: value for index, value in out.items() if value}


def paired(before, after):
    differences = [x - y for x, y in zip(before, after)]
    n, total = len(differences), sum(differences)
    if n < 2:
        return total, 0
    return total, math.isqrt((n * sum(d * d for d in differences) - total * total) // (n - 1))


def significant(gain, error, z):
    return gain > 0 and gain >= z * error


def probe(current, delta, divisor):
    weights = list(current)
    for index, value in delta.items():
        weights[index] = saturate(weights[index] + nearest(value, divisor))
    return weights


def move(current, deltas, weights, total, step):
    sums = {}
    for delta, weight in zip(deltas, weights):
        if weight:
            for index, value in delta.items():
                sums[index] = sums.get(index, 0) + weight * value
    out = list(current)
    for index, value in sums.items():
        out[index] = saturate(out[index] + nearest(value * step[0], total * step[1]))
    return out


def difference(newer, older):
    return {k: a - b for k, (a, b) in enumerate(zip(newer, older)) if a != b}


def scaled(direction, median):
    norm = math.isqrt(square(direction))
    return scale(direction, median, norm) if norm else {}


def history(current, past, origin, past_payloads, median):
    """The last update, the last payloads together, the updates before, in the place of one that was not made its round's payloads together,
    the way from genesis, the weights; zero ones left out."""
    chain = [current] + past
    out = []
    for age in range(len(past)):
        update = scaled(difference(chain[age], chain[age + 1]), median)
        out.append(update)
        if age == 0 or not update:
            out.append(together_of(past_payloads[age] if age < len(past_payloads) else [], median))
    out.append(scaled(difference(current, origin), median))
    out.append(scaled({k: v for k, v in enumerate(current) if v}, median))
    return [direction for direction in out if direction]


def scaled_payloads(payloads, median):
    return [p for p in (scaled(payload, median) for payload in payloads) if p]


def together_of(payloads, median):
    together = {}
    for payload in scaled_payloads(payloads, median):
        for index, value in payload.items():
            together[index] = together.get(index, 0) + value
    return scaled({k: v for k, v in together.items() if v}, median)


def solve(matrix, right):
    """x with matrix x = right, by elimination in fractions; None where there is not one."""
    size = len(matrix)
    rows = [[Fraction(value) for value in row] + [Fraction(right[i])] for i, row in enumerate(matrix)]
    for k in range(size):
        pivot = next((i for i in range(k, size) if rows[i][k] != 0), None)
        if pivot is None:
            return None
        rows[k], rows[pivot] = rows[pivot], rows[k]
        for i in range(size):
            if i != k and rows[i][k] != 0:
                factor = rows[i][k] / rows[k][k]
                rows[i] = [a - factor * b for a, b in zip(rows[i], rows[k])]
    return [row[size] / row[k] for k, row in enumerate(rows)]


def public_slope(directions, gain_of):
    """[(x, direction)] with h = sum x * direction: the one vector in their span that gives each direction its gain."""
    kept, gains = [], []
    for direction in directions:
        products = [dot(direction, other) for other in kept]
        gram = [[dot(a, b) for b in kept] for a in kept]
        new = square(direction) - sum(x * p for x, p in zip(solve(gram, products), products))
        if new * 16 >= square(direction):
            kept.append(direction)
            gains.append(gain_of(direction)[0])
    return list(zip(solve([[dot(a, b) for b in kept] for a in kept], gains), kept))


def likeness(deltas, members, fresh):
    """c in Q16: 0 for two accepted deltas that share what their fresh gains explain, 1 for copies."""
    n = len(deltas)
    who = [i for i in range(n) if members[i]]
    best, longest = max(fresh[i] for i in who), max(square(deltas[i]) for i in who)
    shared = {}
    for i in who:
        for j in who:
            product = dot(deltas[i], deltas[j])
            shared[i, j] = 0 if product <= 0 else max(1, min(1 << 62, (product * best * best << 40) // (longest * fresh[i] * fresh[j])))
    pairs = sorted(s for (i, j), s in shared.items() if j < i)
    copy = sorted(shared[i, i] for i in who)[(len(who) - 1) // 4]
    usual = max(pairs[(len(pairs) - 1) // 2] if pairs else 0, copy // 64)
    none = max(2 * usual, math.isqrt(usual * copy))
    full = max(none + none // 4 + 1, math.isqrt(none * copy))
    out = [[ONE_Q16 if i == j and members[i] else 0 for j in range(n)] for i in range(n)]
    for (i, j), s in shared.items():
        if i != j:
            length = max(1, math.isqrt(shared[i, i] * shared[j, j]))
            cosine, explained = min(ONE_Q16, (s << 16) // length), min(ONE_Q16 // 2, (usual << 16) // length)
            beyond = max(0, cosine - explained) * ONE_Q16 // (ONE_Q16 - explained)
            multiple = (s - none << 16) // (full - none) if s > none else 0
            out[i][j] = min(ONE_Q16, max(0, 4 * (beyond - ONE_Q16 // 8), multiple))
    return out


def redundancy(alike):
    return [(1 << 32) // sum(row) if sum(row) else 0 for row in alike]


def clip(deltas):
    """The lower median of the norms, and the deltas none of which is longer."""
    norms = [math.isqrt(square(delta)) for delta in deltas]
    median = sorted(norms)[(len(norms) - 1) // 2]
    return median, [scale(delta, median, norm) if norm > median else delta for delta, norm in zip(deltas, norms)]


def settle(raw_judge, origin, current, past, past_payloads, candidates, paid, confirmation, holdout, z=3, divisor=8, tolerance=83886, cosine_floor=0):
    """past_payloads: those of round r - 1 first; candidates: [(id bytes, delta)]; returns a dict as the vectors hold it, plus the next weights."""
    if not candidates:
        return {"settled": False, "reason": "no-contributions", "candidates": []}, current

    def judge(weights, batch):
        return [min(max(loss, 0), (len(tokens) - 1) << 31) for loss, tokens in zip(raw_judge(weights, batch), batch)]

    def total(weights, batch):
        return sum(judge(weights, batch))

    n = len(candidates)
    median, deltas = clip([delta for _, delta in candidates])
    still = 0
    while still < len(past) and past[still] == current:
        still += 1
    before_holdout = total(current, holdout)
    before = judge(current, paid)
    targets = lambda batch: len(batch) * (len(batch[0]) - 1)

    probed = {}

    def gain_of(delta):
        key = tuple(sorted(delta.items()))
        if key not in probed:
            probed[key] = paired(before, judge(probe(current, delta, divisor), paid))
        return probed[key]

    def best_step(deltas, weights, members):
        whole = sum(weights)

        def attempt(step):
            moved = move(current, deltas, weights, whole, step)
            return total(moved, paid), step, moved

        best = attempt((1, 1))
        for step in ((3, 2), (2, 1), (3, 1), (4, 1), (6, 1), (8, 1)):
            if step[0] > members * step[1]:
                break
            other = attempt(step)
            if other[0] >= best[0]:
                break
            best = other
        if best[1] == (1, 1):
            half = attempt((1, 2))
            best = half if half[0] < best[0] else best
        return best

    once = {}

    def confirm(paid_after, step, moved):
        """What the round records of a step; settled if Q and H let it pass."""
        if not once:
            once["before"] = judge(current, confirmation)
        q_before, q_after = once["before"], judge(moved, confirmation)
        gain, error = paired(q_before, q_after)
        found = {"paid": [sum(before), paid_after, targets(paid)], "step": f"{step[0]}/{step[1]}", "gain": gain, "error": error,
                 "confirmation": [sum(q_before), sum(q_after), targets(confirmation)]}
        if not significant(gain, error, z):
            return found | {"reason": "gain-not-significant"}
        found["holdout"] = [before_holdout, total(moved, holdout), targets(holdout)]
        if found["holdout"][1] - before_holdout > tolerance * targets(holdout):
            return found | {"reason": "holdout-worse"}
        return found | {"settled": True}

    def move_on(empty):
        """8.8: nobody is paid; along what the standstill made public, if that is confirmed."""
        standstill = [payload for payloads in past_payloads[:still] for payload in payloads]
        if not standstill:
            return empty, current
        _, clipped = clip(standstill + [delta for (_, delta), (gain, _) in zip(candidates, gains) if gain > 0])
        paid_after, step, moved = best_step(clipped, [1] * len(clipped), len(clipped))
        found = confirm(paid_after, step, moved)
        return (empty | found | {"reason": "public-step"}, moved) if found.get("settled") else (empty, current)

    gains = [gain_of(delta) for delta in deltas]
    is_open = [significant(gain, error, z) for gain, error in gains]
    known = [0] * n
    if any(is_open):
        singles = [(direction, 0) for direction in scaled_payloads(past_payloads[0] if past_payloads else [], median)]
        singles += [(direction, 4) for payloads in past_payloads[1:still] for direction in scaled_payloads(payloads, median)]
        judged = 0
        for direction, near in singles:
            if near and judged == n:
                break
            length = square(direction)
            products = [dot(delta, direction) if o else 0 for delta, o in zip(deltas, is_open)]
            within = lambda floor: [p > 0 and (floor == 0 or p * p * floor >= length * square(d)) for p, d in zip(products, deltas)]
            counts = within(near)
            if not any(a and b for a, b in zip(counts, within(cosine_floor))):
                continue
            judged += 1 if near else 0
            public = gain_of(direction)[0]
            if public > 0:
                known = [max(old, p * public // length) if c else old for old, p, c in zip(known, products, counts)]
        slope = public_slope(history(current, past, origin, past_payloads, median), gain_of)
        known = [max(old, math.floor(sum(x * dot(delta, u) for x, u in slope))) if o else 0 for old, delta, o in zip(known, deltas, is_open)]
    fresh = [gain - old for (gain, _), old in zip(gains, known)]
    members = [o and significant(f, error, z) for o, f, (_, error) in zip(is_open, fresh, gains)]

    def reason(i):
        gain, error = gains[i]
        if members[i]:
            return "accepted"
        if gain <= 0:
            return "gain-not-positive"
        return "gain-already-public" if significant(gain, error, z) else "gain-not-significant"

    rows = [{"id": "0x" + name.hex(), "gain": gains[i][0], "error": gains[i][1], "fresh": fresh[i], "reason": reason(i),
             "weight": 0, "leaveOneOut": 0, "share": 0, "credit": 0} for i, (name, _) in enumerate(candidates)]
    out = {"settled": False, "median": median, "candidates": rows,
           "paid": [sum(before), None, targets(paid)], "holdout": [before_holdout, None, targets(holdout)]}
    if not any(members):
        return move_on(out | {"reason": "none-accepted"})

    alike = likeness(deltas, members, fresh)
    weights = redundancy(alike)
    whole = sum(weights)
    for row, weight in zip(rows, weights):
        row["weight"] = weight

    paid_after, step, moved = best_step(deltas, weights, sum(members))
    out |= confirm(paid_after, step, moved)
    if not out["settled"]:
        return move_on(out)

    gain = out["gain"]
    for i in range(n):
        if not members[i]:
            continue
        others = [0 if j == i else weight for j, weight in enumerate(weights)]
        without = total(move(current, deltas, others, whole, step), paid) if any(others) else sum(before)
        rows[i]["leaveOneOut"] = without - paid_after
        rows[i]["share"] = (max(0, rows[i]["leaveOneOut"]) * fresh[i] // (2 * gains[i][0])
                            + divisor * step[0] * fresh[i] * weights[i] // (2 * step[1] * whole))
    slopes = [(fresh[i] << 48) // math.isqrt(square(deltas[i])) if members[i] else 0 for i in range(n)]
    for row, slope in zip(rows, slopes):
        row["share"] = row["share"] * slope // max(slopes)
    shares = sum(row["share"] for row in rows)
    for row in rows:
        row["credit"] = gain * row["share"] // shares if shares else 0
    first = min((i for i in range(n) if members[i]), key=lambda i: (-rows[i]["share"], candidates[i][0]))
    rows[first]["credit"] += gain - sum(row["credit"] for row in rows)
    assert sum(row["credit"] for row in rows) == gain
    return out, moved


# --- Vectors --------------------------------------------------------------------------------------------------------

LEVEL_BITS, K = 6, 256
SHAPE = Shape(64, 32, 1, 1, 96, 16, True)


def name(text):
    return leaf_hash(text.encode("ascii"))


def corpus_of(count):
    stream = Stream(name("corpus"), "toy-corpus")
    return Corpus(64, [stream.below(64) for _ in range(count)], 100)


def quantised(wanted, bits=15):
    """Levels of 2^bits within ±32, as a payload of these vectors can carry them."""
    out = {index: max(-32, min(32, value >> bits)) << bits for index, value in wanted.items()}
    return {index: value for index, value in sorted(out.items()) if value}


def largest(wanted):
    """What fits a payload: the largest entries of each chunk, quantised."""
    kept = {}
    for chunk in {index // CHUNK_WEIGHTS for index in wanted}:
        inside = [index for index in wanted if index // CHUNK_WEIGHTS == chunk]
        kept |= {index: wanted[index] for index in sorted(inside, key=lambda index: (-abs(wanted[index]), index))[:K]}
    return quantised(kept)


def honest(weights, text, percent=10, entries=300, bits=15):
    stream = Stream(name(text), "vector-honest")
    wanted = {}
    while len(wanted) < entries:
        k = stream.below(len(weights))
        wanted[k] = toward_zero((toy_optimum(k) - weights[k]) * percent, 100) + stream.below(1 << 16) - (1 << 15)
    return quantised(wanted, bits)


def noise(count, text):
    stream = Stream(name(text), "vector-noise")
    return quantised({stream.below(count): stream.below(1 << 19) - (1 << 18) for _ in range(300)})


def settlement_vectors():
    """Rounds of one chain: honest, honest with attacks, noise only, one alone, nobody, many, near copies, too far, unlike sizes, parts in common, too
    little to count, honest, what was too little put together, too little twice, each of the first and all of them again, too little and its opposite, noise, the first
    again beside honest ones, too little twice with noise, and again."""
    corpus = corpus_of(60000)
    judge = ToyJudge(SHAPE.count())
    weights = origin = initial_weights(SHAPE, name("genesis"))
    past, past_payloads, rounds = [], [], []
    plans = [
        lambda w: [honest(w, f"r0-{i}") for i in range(4)],
        lambda w: [honest(w, f"r1-{i}") for i in range(3)] + [honest(w, "r1-1")] * 2 + [past_payloads[0][2], noise(len(w), "r1-noise"),
                   {k: -v for k, v in honest(w, "r1-0").items()}],
        lambda w: [noise(len(w), f"r2-{i}") for i in range(3)],
        lambda w: [honest(w, "r3-0")],
        lambda w: [],
        lambda w: [honest(w, f"r5-{i}", percent=5 + 5 * i) for i in range(8)] + [previous_update(w)],
        lambda w: [honest(w, f"r6-{i}", percent=60) for i in range(2)] + [honest(w, "r6-0", percent=90)],
        lambda w: [honest(w, "r7-0", percent=150, bits=18)],
        lambda w: [honest(w, "r8-0"), honest(w, "r8-1", percent=100, bits=18), honest(w, "r8-2", percent=3, bits=12)],
        lambda w: [honest(w, f"r9-{i}") for i in range(4)] + [largest(difference(w, origin))],
        lambda w: [honest(w, f"r10-{i}") for i in range(3)] + [previous_update(w), together(past_payloads[0])],
        lambda w: [honest(w, f"r11-{i}", percent=6 + i) for i in range(4)] + [sharing(honest(w, "r11-0", percent=6), honest(w, f"r11-own-{part}", percent=7), part) for part in (15, 20, 30, 60)],
        lambda w: [honest(w, f"r12-{i}", percent=1, entries=60, bits=11) for i in range(4)],
        lambda w: [honest(w, f"r13-{i}") for i in range(4)],
        lambda w: [honest(w, f"r14-{i}") for i in range(3)] + [together(past_payloads[1], 16)],
        lambda w: [honest(w, f"r15-{i}", percent=1, entries=60, bits=11) for i in range(3)],
        lambda w: [honest(w, f"r16-{i}", percent=1, entries=60, bits=11) for i in range(3)],
        lambda w: [honest(w, f"r17-{i}") for i in range(3)] + [together(past_payloads[1][:1], 16), together(past_payloads[1], 16), together(past_payloads[0] + past_payloads[1], 16)],
        lambda w: [{k: sign * v for k, v in honest(w, f"r18-{i}", percent=1, entries=60, bits=11).items()} for i in range(2) for sign in (1, -1)],
        lambda w: [noise(len(w), "r19-noise")],
        lambda w: [honest(w, f"r20-{i}") for i in range(3)] + [together(past_payloads[1][:1], 16), together(past_payloads[1][2:3], 8), together(past_payloads[1][::2], 16)],
        lambda w: [honest(w, f"r21-{i}", percent=1, entries=60, bits=11) for i in range(3)],
        lambda w: [honest(w, f"r22-{i}", percent=1, entries=60, bits=11) for i in range(3)] + [noise(len(w), "r22-noise")],
        lambda w: [honest(w, f"r23-{i}") for i in range(3)] + [together(past_payloads[1], 16), together(past_payloads[0], 16)],
    ]

    def sharing(theirs, own, percent):
        """The first entries of theirs and the last of own."""
        kept = len(theirs) * percent // 100
        return dict(sorted((dict(list(own.items())[kept:]) | dict(list(theirs.items())[:kept])).items()))

    def together(deltas, times=1):
        total = {}
        for delta in deltas:
            for k, v in delta.items():
                total[k] = total.get(k, 0) + v * times
        return largest(total)

    def previous_update(w):
        base = next(p for p in past if p != w)
        return largest(difference(w, base))

    for number, plan in enumerate(plans):
        seed = name(f"evaluation-{number}")
        paid, confirmation = judging_batches(corpus, 16, seed, 96, 96)
        holdout = holdout_batch(corpus, 16, 48)
        payloads = [encode_payload(delta, len(weights), LEVEL_BITS) for delta in plan(weights)]
        deltas = [decode_payload(data, len(weights), K, LEVEL_BITS) for data in payloads]
        candidates = [(name(f"unit-{number}-{i}"), delta) for i, delta in enumerate(deltas)]
        judge.evaluations = 0
        result, following = settle(judge, origin, weights, past, past_payloads, candidates, paid, confirmation, holdout)
        result |= {"next": "0x" + checkpoint_root(SHAPE, following).hex(), "evaluations": judge.evaluations}
        rounds.append({"seed": "0x" + seed.hex(), "current": "0x" + checkpoint_root(SHAPE, weights).hex(),
                       "payloads": [data.hex() for data in payloads], "result": result})
        past = ([weights] + past)[:8]
        past_payloads = ([deltas] + past_payloads)[:8]
        weights = following
    return {"shape": list(SHAPE.sizes), "k": K, "levelBits": LEVEL_BITS, "genesisSeed": "0x" + name("genesis").hex(),
            "corpusSeed": "0x" + name("corpus").hex(), "corpusTokens": 60000, "holdoutPermille": 100,
            "length": 16, "paid": 96, "confirmation": 96, "holdout": 48, "rounds": rounds}


def payload_vectors():
    stream = Stream(name("payloads"), "vector-payloads")
    cases = []
    for _ in range(40):
        count = 1 + stream.below(9000)
        bits = 2 + stream.below(7)
        k = 1 + stream.below(90)
        delta = {}
        for first in range(0, count, CHUNK_WEIGHTS):
            scale_bits = stream.below(24)
            size = min(CHUNK_WEIGHTS, count - first)
            for entry in range(stream.below(min(k, size) + 1)):
                level = 1 if entry == 0 else 1 + stream.below(1 << (bits - 1))
                delta[first + stream.below(size)] = (level if stream.below(2) else -level) << scale_bits
        if not delta:
            delta = {0: 1}
        # Two draws of one place may have left a chunk with even levels only, at the largest scale: no payload then.
        try:
            data = encode_payload(delta, count, bits)
        except AssertionError:
            continue
        decode = decode_payload(data, count, k, bits)
        assert decode == delta
        cases.append({"weights": count, "k": k, "levelBits": bits, "bytes": data.hex(),
                      "indices": sorted(delta), "values": [delta[index] for index in sorted(delta)]})
    return {"cases": cases, "refused": refused_payloads(stream)}


def refused_payloads(stream):
    """Each mutation of a valid payload with the token it is refused by, or null where it is another valid payload."""
    count, k, bits = 5000, 12, 3
    base = encode_payload({7: 3 << 5, 90: -(1 << 5), 1000: 2 << 5, 4500: 4, 4600: -1, 4999: 1}, count, bits)
    out = []
    for _ in range(400):
        data = bytearray(base)
        kind = stream.below(8)
        if kind == 0:
            data = data[:stream.below(len(data))]
        elif kind == 1:
            data += bytes([stream.below(256)])
        else:
            data[stream.below(len(data))] ^= 1 << stream.below(8)
        try:
            decode_payload(bytes(data), count, k, bits)
            token = None
        except Refused as refusal:
            token = str(refusal)
        out.append({"bytes": bytes(data).hex(), "token": token})
    return {"weights": count, "k": k, "levelBits": bits, "cases": out}


def format_vectors():
    """Streams, trees, initial weights, checkpoint and corpus roots, drawn windows."""
    stream = Stream(name("stream"), "vector-stream", 3)
    numbers = [str(stream.next()) for _ in range(6)]
    below = [str(stream.below(bound)) for bound in (1, 10, 1000003, 2**63 + 1, 2**64 - 1)]
    trees = [{"leaves": n, "root": "0x" + merkle_root([leaf_hash(bytes([i])) for i in range(n)]).hex()} for n in (0, 1, 2, 3, 5, 8, 13)]
    shapes = []
    for shape in (SHAPE, Shape(97, 12, 3, 2, 20, 32, False)):
        weights = initial_weights(shape, name("genesis"))
        shapes.append({"sizes": list(shape.sizes), "tied": shape.tied, "count": shape.count(), "first": weights[:5],
                       "sum": sum(weights), "root": "0x" + checkpoint_root(shape, weights).hex(),
                       "header": checkpoint_bytes(shape, weights)[:36].hex()})
    corpus = corpus_of(3000)
    seed = name("draws")
    paid, confirmation = judging_batches(corpus, 16, seed, 5, 4)
    return {"stream": {"seed": "0x" + name("stream").hex(), "label": "vector-stream", "index": 3, "numbers": numbers, "below": below},
            "trees": trees, "genesisSeed": "0x" + name("genesis").hex(), "shapes": shapes,
            "corpus": {"seed": "0x" + name("corpus").hex(), "tokens": 3000, "header": corpus.bytes()[:16].hex(),
                       "root": "0x" + chunked_root(corpus.bytes()).hex()},
            "draws": {"seed": "0x" + seed.hex(), "length": 16, "paid": paid, "confirmation": confirmation,
                      "training": training_batch(corpus, 16, seed, 2, 3), "holdout": holdout_batch(corpus, 16, 4)}}


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in ("write", "check"):
        sys.exit(__doc__)
    different = []
    for file, make in (("formats.json", format_vectors), ("payloads.json", payload_vectors), ("rounds.json", settlement_vectors)):
        text = json.dumps(make(), separators=(",", ":")) + "\n"
        path = os.path.join(sys.argv[2], file)
        if sys.argv[1] == "write":
            with open(path, "w", encoding="ascii") as out:
                out.write(text)
            continue
        with open(path, encoding="ascii") as old:
            if old.read() != text:
                different.append(file)
    if different:
        sys.exit("differ: " + ", ".join(different))


if __name__ == "__main__":
    main()
