#!/usr/bin/env python3
"""Holds plain.py to the golden vectors: check_plain.py tests/vectors/exact. Needs only the standard library."""
import hashlib
import json
import os
import struct
import sys

import plain
import settlement

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

    def uniform(self, amplitude):
        return (self.next() * (2 * amplitude) >> 64) - amplitude


def weights(rule, shape, random):
    """By the rules of the vectors (vectors.py names them)."""
    fixed = {"maximum": (1 << 31) - 1, "minimum": -(1 << 31), "zero": 0}
    for kind, rows, columns in shape.tensors():
        for _ in range(rows * columns):
            if rule in fixed:
                yield fixed[rule]
            elif rule == "signs":
                yield ((1 << 31) - 1) * (1 if random.next() >> 63 else -1)
            elif rule == "wide":
                yield random.uniform(1 << 31) >> (random.next() >> 59)
            else:
                yield (1 << 24) + random.uniform(1 << 22) if kind == "gain" else random.uniform(int(rule.split(":")[1]))


def digest(values):
    return hashlib.sha256(struct.pack(f"<{len(values)}i", *values)).hexdigest()


def different_tables(tables):
    for name, table in (("exponential", plain.exponential_table), ("sigmoid", plain.sigmoid_table), ("logarithm", plain.logarithm_table)):
        if digest(table()) != tables[name]["sha256"]:
            yield name
    for name, expected in tables["rotary"].items():
        head_width, positions = map(int, name.split("x"))
        turns = [plain.rotary(head_width, position) for position in range(positions)]
        found = [digest([turn[part] for row in turns for turn in row]) for part in (0, 1)] + [plain.score_scale(head_width)]
        if found != [expected["cosines"], expected["sines"], expected["scoreScale"]]:
            yield f"rotary {name}"


def different_losses(cases):
    for case in cases:
        sizes = case["shape"]
        shape = settlement.Shape(*(sizes[key] for key in ("vocabulary", "width", "layers", "heads", "feedForward", "context")), sizes["tied"])
        master = list(weights(case["weights"], shape, SplitMix64(case["seed"])))
        if digest(master) != case["weightsSha256"]:
            yield f"weights of {case['name']}"
            continue
        window = case["length"] + 1
        sequences = [case["tokens"][at:at + window] for at in range(0, len(case["tokens"]), window)]
        if plain.losses(plain.Model(shape, master), sequences) != case["losses"]:
            yield f"losses of {case['name']}"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    load = lambda name: json.load(open(os.path.join(sys.argv[1], name), encoding="ascii"))
    tables, cases = load("tables.json"), load("losses.json")
    different = [*different_tables(tables), *different_losses(cases)]
    if different:
        sys.exit("differ: " + ", ".join(different))
    print(f"{3 + len(tables['rotary'])} tables and {len(cases)} cases are equal")


if __name__ == "__main__":
    main()
