#!/usr/bin/env python3
"""Judges exported rounds again, from files alone, and compares every number of the recorded results.

  judge_rounds.py DIR [--plain]

DIR is what `./basilisk export rounds --out DIR` wrote. Nothing is shared with the program that recorded the rounds: payloads,
batches and settlement are settlement.py's, losses forward.py's (numpy) or plain.py's (standard library alone; for tiny models).
Prints one JSON object per round; exit code 1 where a number differs.
"""
import json
import os
import struct
import sys

import settlement

BATCH = 16  # windows that go through numpy at once


class Damaged(Exception):
    """A file is not what its name says."""


def read(folder, *path):
    with open(os.path.join(folder, *path), "rb") as file:
        return file.read()


def checkpoint(folder, root):
    """(shape, weights) of a file named by its root."""
    data = read(folder, "checkpoints", f"{root}.bskc")
    if "0x" + settlement.chunked_root(data).hex() != root:
        raise Damaged(f"checkpoint {root} has another root")
    magic, version, flags = struct.unpack("<4sHH", data[:8])
    *sizes, count = struct.unpack("<7I", data[8:36])
    shape = settlement.Shape(*sizes, flags == 1)
    if magic != b"BSKC" or version != 1 or count != shape.count() or len(data) != 36 + 4 * count:
        raise Damaged(f"checkpoint {root} is malformed")
    return shape, list(struct.unpack(f"<{count}i", data[36:]))


def read_corpus(folder, root):
    data = read(folder, "corpus.bskt")
    if "0x" + settlement.chunked_root(data).hex() != root:
        raise Damaged("the corpus has another root")
    magic, version, permille, vocabulary, count = struct.unpack("<4sHHII", data[:16])
    if magic != b"BSKT" or version != 1 or len(data) != 16 + 2 * count:
        raise Damaged("the corpus is malformed")
    return settlement.Corpus(vocabulary, list(struct.unpack(f"<{count}H", data[16:])), permille)


def numpy_judge(shape):
    import numpy
    import forward
    sizes = forward.Shape(*shape.sizes, shape.tied)

    def judge(weights, batch):
        model = forward.Model(sizes, numpy.array(weights, dtype=numpy.int64))
        return [int(loss) for at in range(0, len(batch), BATCH) for loss in forward.losses(model, batch[at:at + BATCH])]

    return judge


def plain_judge(shape):
    import plain
    return lambda weights, batch: plain.losses(plain.Model(shape, weights), batch)


def choose_judge(wanted_plain):
    if wanted_plain:
        return "plain", plain_judge
    try:
        import numpy  # noqa: F401
        return "numpy", numpy_judge
    except ModuleNotFoundError:
        return "plain", plain_judge


def judge_round(folder, network, corpus, recorded, make_judge):
    """The round's result under the names that the export uses."""
    shape, weights = checkpoint(folder, recorded["model_root"])
    payload = lambda name: settlement.decode_payload(read(folder, "payloads", f"{name}.bskp"), shape.count(), network["k"], network["level_bits"])
    seed = bytes.fromhex(recorded["evaluation_seed"][2:])
    paid, confirmation = settlement.judging_batches(corpus, shape.context, seed, network["paid_windows"], network["confirmation_windows"])
    candidates = [(bytes.fromhex(each["unit"][2:]), payload(each["payload"])) for each in recorded["contributions"]]
    result, following = settlement.settle(
        make_judge(shape), checkpoint(folder, network["genesis_model_root"])[1], weights, [checkpoint(folder, root)[1] for root in recorded["past"]],
        [[payload(name) for name in names] for names in recorded["past_payloads"]],
        candidates, paid, confirmation, settlement.holdout_batch(corpus, shape.context, network["holdout_windows"]),
        network["significance"], network["probe_divisor"], network["holdout_tolerance"], network["public_cosine_floor"])
    return in_words(result, "0x" + settlement.checkpoint_root(shape, following).hex())


def in_words(result, root):
    def losses(name):
        before, after = (result.get(name) or [None, None])[:2]
        return (before or 0, before or 0) if after is None else (before, after)

    top, bottom = map(int, result.get("step", "0/1").split("/"))
    moved = result["settled"] or result.get("reason") in ("gain-not-significant", "holdout-worse")
    out = {"settled": result["settled"], "reason": result.get("reason", ""), "gain": result.get("gain", 0), "gain_error": result.get("error", 0),
           "step_halves": 2 * top // bottom if moved else 0, "next_model_root": root}
    for name in ("paid", "confirmation", "holdout"):
        out[f"{name}_before"], out[f"{name}_after"] = losses(name)
    for row in result["candidates"]:
        accepted = row["reason"] == "accepted"
        out |= {f"{row['id']} {key}": value for key, value in {
            "probe_gain": row["gain"], "probe_error": row["error"], "fresh_gain": row["fresh"], "accepted": accepted, "reason": "" if accepted else row["reason"],
            "weight": row["weight"], "leave_one_out": row["leaveOneOut"], "share": row["share"], "credit": row["credit"]}.items()}
    return out


def flat(outcome):
    """A recorded result with its contributions' numbers beside its own."""
    out = {key: value for key, value in outcome.items() if key != "contributions"}
    for row in outcome["contributions"]:
        out |= {f"{row['unit']} {key}": value for key, value in row.items() if key != "unit"}
    return out


def main(arguments):
    folders = [word for word in arguments if word != "--plain"]
    if len(folders) != 1 or folders[0].startswith("-"):
        sys.exit(__doc__)
    folder = folders[0]
    description = json.loads(read(folder, "rounds.json"))
    corpus = read_corpus(folder, description["network"]["corpus_root"])
    name, make_judge = choose_judge("--plain" in arguments)
    clean = True
    for recorded in description["rounds"]:
        expected, found = flat(recorded["outcome"]), judge_round(folder, description["network"], corpus, recorded, make_judge)
        different = [{"number": key, "recorded": expected.get(key), "judged": found.get(key)}
                     for key in sorted(expected.keys() | found.keys()) if expected.get(key) != found.get(key)]
        clean = clean and not different
        print(json.dumps({"round": recorded["round"], "contributions": len(recorded["contributions"]), "settled": expected["settled"],
                          "implementation": name, "compared": len(expected), "differences": different}), flush=True)
    return 0 if clean else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (Damaged, settlement.Refused, FileNotFoundError) as problem:
        sys.exit(f"judge_rounds: {problem!r}")
