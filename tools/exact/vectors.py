"""Writes tests/vectors/exact/*.json: small models, tokens and the exact losses that every implementation must give.

Weights and tokens come from splitmix64, so that a file holds only a seed and a rule. Run: python3 vectors.py [FOLDER]
"""
import hashlib
import json
import pathlib
import sys

import numpy as np

from forward import Model, Shape, losses, logits
from numbers_exact import (I64, exponential_table, logarithm_table, rotary_table, score_scale, sigmoid_table)

MASK = (1 << 64) - 1


class SplitMix64:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & MASK
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB & MASK
        return z ^ (z >> 31)


def uniform(random, amplitude):
    """In [−amplitude, amplitude)."""
    return (random.next() * (2 * amplitude) >> 64) - amplitude


def make_weights(rule, shape, random):
    """Master weights by rule.

    uniform:A  matrices uniform in ±A / 2^24, gains 1 ± 1/4
    maximum    every weight 2^31 − 1
    minimum    every weight −2^31
    signs      each weight ±(2^31 − 1) by the number's top bit
    zero       every weight 0
    wide       each weight uniform in ±2^31, shifted right by 0 to 31 bits
    """
    values = []
    for name, rows, columns in shape.tensors():
        for _ in range(rows * columns):
            if rule.startswith("uniform:"):
                value = (1 << 24) + uniform(random, 1 << 22) if name.endswith("norm") else uniform(random, int(rule[8:]))
            elif rule == "maximum":
                value = (1 << 31) - 1
            elif rule == "minimum":
                value = -(1 << 31)
            elif rule == "signs":
                value = ((1 << 31) - 1) * (1 if random.next() >> 63 else -1)
            elif rule == "zero":
                value = 0
            elif rule == "wide":
                value = uniform(random, 1 << 31) >> (random.next() >> 59)
            values.append(value)
    return np.array(values, dtype=I64)


def make_tokens(rule, shape, sequences, length, random):
    if rule == "same":
        return np.full((sequences, length + 1), shape.vocabulary - 1, dtype=I64)
    return np.array([[random.next() % shape.vocabulary for _ in range(length + 1)] for _ in range(sequences)], dtype=I64)


CASES = [
    # name, shape(vocabulary, width, layers, heads, feed_forward, context, tied), weights, tokens, sequences, length
    ("smallest", (2, 2, 1, 1, 1, 4, True), "uniform:8000000", "random", 3, 4),
    ("odd", (67, 24, 2, 3, 37, 33, False), "uniform:5000000", "random", 3, 33),
    ("odd-tied", (67, 24, 2, 3, 37, 33, True), "uniform:5000000", "random", 3, 33),
    ("one-token", (300, 32, 1, 1, 85, 16, True), "uniform:3000000", "random", 4, 1),
    ("many-heads", (41, 36, 2, 9, 50, 20, False), "uniform:4000000", "random", 2, 20),
    ("long", (130, 32, 1, 2, 48, 150, True), "uniform:3500000", "random", 1, 150),
    ("depth-2", (512, 64, 2, 2, 192, 40, True), "uniform:2000000", "random", 2, 40),
    ("small-weights", (50, 48, 2, 2, 64, 30, True), "uniform:3000", "random", 2, 30),
    ("large-weights", (50, 48, 2, 2, 64, 30, False), "uniform:1500000000", "random", 2, 30),
    ("wide-range", (50, 40, 3, 2, 70, 30, False), "wide", "random", 3, 30),
    ("all-maximum", (33, 34, 2, 1, 49, 20, False), "maximum", "random", 2, 20),
    ("all-minimum", (33, 34, 2, 1, 49, 20, True), "minimum", "random", 2, 20),
    ("signs", (33, 34, 2, 1, 49, 70, False), "signs", "random", 2, 70),
    ("zero", (33, 34, 2, 1, 49, 20, False), "zero", "random", 2, 20),
    ("same-token", (80, 32, 2, 4, 64, 70, True), "uniform:4000000", "same", 1, 70),
]


def case(index, name, shape, weights, tokens, sequences, length):
    shape = Shape(*shape)
    seed = 1000 + index
    random = SplitMix64(seed)
    master = make_weights(weights, shape, random)
    batch = make_tokens(tokens, shape, sequences, length, random)
    model = Model(shape, master)
    return {
        "name": name,
        "shape": {"vocabulary": shape.vocabulary, "width": shape.width, "layers": shape.layers, "heads": shape.heads,
                  "feedForward": shape.feed_forward, "context": shape.context, "tied": shape.tied},
        "seed": seed,
        "weights": weights,
        "weightsSha256": hashlib.sha256(master.astype("<i4").tobytes()).hexdigest(),
        "tokens": batch.reshape(-1).tolist(),
        "length": length,
        "logitsOfFirstToken": logits(model, batch[:1, :1])[0, 0, :8].tolist(),
        "losses": losses(model, batch).tolist(),
    }


def digest(values):
    return hashlib.sha256(np.asarray(values).astype("<i4").tobytes()).hexdigest()


def tables():
    """SHA-256 over each table's int32 values, little-endian, and a few entries to look at."""
    rotary = {}
    for head_width, positions in ((2, 40), (6, 200), (32, 256), (64, 128)):
        cos, sin = rotary_table(head_width, positions)
        rotary[f"{head_width}x{positions}"] = {"cosines": digest(cos), "sines": digest(sin), "scoreScale": score_scale(head_width)}
    return {
        "exponential": {"sha256": digest(exponential_table()), "first": exponential_table()[:4].tolist()},
        "sigmoid": {"sha256": digest(sigmoid_table()), "first": sigmoid_table()[:4].tolist()},
        "logarithm": {"sha256": digest(logarithm_table()), "first": logarithm_table()[:4].tolist()},
        "rotary": rotary,
    }


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else root / "tests" / "vectors" / "exact"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tables.json").write_text(json.dumps(tables(), indent=1) + "\n")
    cases = [json.dumps(case(i, *row)) for i, row in enumerate(CASES)]
    (folder / "losses.json").write_text("[\n" + ",\n".join(cases) + "\n]\n")


if __name__ == "__main__":
    main()
