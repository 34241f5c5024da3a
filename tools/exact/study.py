"""The precision study behind the judge's number widths (docs/numbers.md): how well integer loss changes follow float64.

  python3 study.py train FOLDER [STEPS]      trains a 0.83 M-parameter model and saves master weights:
                                             base, 12 checkpoints of continued training, 8 late-training deltas
  python3 study.py measure FOLDER MODE…      compares, e.g. W12A12 W16A12 W16A16, and prints one JSON line per mode

Needs PyTorch (training and the float64 reference; on a CUDA device where there is one) and numpy. The integer side is
forward.py of this folder, on processor cores, one process per mode.
"""
import json
import math
import multiprocessing
import pathlib
import re
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

import forward
import grammar
from forward import Model, Shape

SHAPE = Shape(vocabulary=256, width=128, layers=4, heads=4, feed_forward=352, context=128, tied=True)
ONE = 1 << 24
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


def rotary():
    half = SHAPE.head_width // 2
    frequency = 10_000 ** (-torch.arange(half, dtype=torch.float64) * 2 / SHAPE.head_width)
    angle = torch.outer(torch.arange(SHAPE.context, dtype=torch.float64), frequency)
    return torch.cos(angle), torch.sin(angle)


COS, SIN = rotary()


def float_forward(p, tokens):
    """Logits in the parameters' own precision."""
    def norm(x, gain):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * gain[0]

    def rotate(x):
        half = x.shape[-1] // 2
        a, b = x[..., :half], x[..., half:]
        return torch.cat((a * cos - b * sin, b * cos + a * sin), -1)

    h = p["embedding"][tokens]
    batch, length = tokens.shape
    cos, sin = COS[:length].to(h), SIN[:length].to(h)
    mask = torch.full((length, length), float("-inf"), dtype=h.dtype, device=h.device).triu(1)
    split = lambda x: x.view(batch, length, SHAPE.heads, SHAPE.head_width).transpose(1, 2)
    for l in range(SHAPE.layers):
        y = norm(h, p[f"{l}.attention_norm"])
        q, k, v = (split(y @ p[f"{l}.{n}"].T) for n in ("query", "key", "value"))
        weights = torch.softmax(rotate(q) @ rotate(k).transpose(-1, -2) / math.sqrt(SHAPE.head_width) + mask, -1)
        h = h + (weights @ v).transpose(1, 2).reshape(batch, length, -1) @ p[f"{l}.output"].T
        y = norm(h, p[f"{l}.feed_forward_norm"])
        h = h + (F.silu(y @ p[f"{l}.gate"].T) * (y @ p[f"{l}.up"].T)) @ p[f"{l}.down"].T
    return norm(h, p["norm"]) @ p["embedding"].T


def initial():
    generator, p = torch.Generator().manual_seed(1), {}
    for name, rows, columns in SHAPE.tensors():
        if name.endswith("norm"):
            p[name] = torch.ones(1, columns)
            continue
        spread = 0.02 if name == "embedding" else 1 / math.sqrt(columns)
        if name.endswith(("output", "down")):
            spread /= math.sqrt(2 * SHAPE.layers)
        p[name] = torch.randn(rows, columns, generator=generator) * spread
    return {name: value.to(DEVICE).requires_grad_() for name, value in p.items()}


def to_master(p):
    return np.concatenate([np.rint(p[name].detach().double().cpu().numpy() * ONE).astype(np.int64).reshape(-1) for name, _, _ in SHAPE.tensors()])


def from_master(master, dtype):
    p, start = {}, 0
    for name, rows, columns in SHAPE.tensors():
        p[name] = torch.from_numpy(master[start:start + rows * columns].reshape(rows, columns) / ONE).to(DEVICE, dtype)
        start += rows * columns
    return p


def windows(data, count, generator):
    starts = torch.randint(0, len(data) - SHAPE.context - 1, (count,), generator=generator)
    return torch.stack([data[s:s + SHAPE.context + 1] for s in starts]).to(DEVICE)


def step(p, optimiser, data, generator):
    sequences = windows(data, 16, generator)
    loss = F.cross_entropy(float_forward(p, sequences[:, :-1]).flatten(0, 1), sequences[:, 1:].flatten())
    optimiser.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(list(p.values()), 1.0)
    optimiser.step()
    return loss.item()


def adam(p, rate):
    return torch.optim.AdamW(p.values(), lr=rate, betas=(0.9, 0.95), weight_decay=0.01)


def continued(master, rate):
    p = {name: value.requires_grad_() for name, value in from_master(master, torch.float32).items()}
    return p, adam(p, rate)


def train(folder, total):
    folder.mkdir(parents=True, exist_ok=True)
    data = torch.tensor(list(grammar.text(3_000_000, 1)))
    p, generator, start = initial(), torch.Generator().manual_seed(3), time.time()
    optimiser = adam(p, 2e-3)
    for i in range(total):
        rate = 2e-3 * min(1, (i + 1) / 30) * (0.55 + 0.45 * math.cos(math.pi * i / total))
        for group in optimiser.param_groups:
            group["lr"] = rate
        loss = step(p, optimiser, data, generator)
        if i % 100 == 99:
            print(f"step {i + 1} loss {loss:.4f} {time.time() - start:.0f} s", flush=True)
    base = to_master(p)
    saved = {"base": base}

    q, optimiser = continued(base, 1.5e-4)
    for i in range(60):
        step(q, optimiser, data, torch.Generator().manual_seed(1000 + i))
        if i % 5 == 4:
            saved[f"checkpoint{i // 5}"] = to_master(q)

    # Eight participants train apart on their own data; half send 64 of each 4,096 weights with 4-bit levels.
    for i in range(8):
        q, optimiser = continued(base, 3e-5)
        generator = torch.Generator().manual_seed(2000 + i)
        for _ in range(20):
            step(q, optimiser, data, generator)
        delta = to_master(q) - base
        saved[f"delta{i}"] = delta if i % 2 == 0 else sparse(delta)
    np.savez(folder / "weights.npz", **saved)
    print(f"{SHAPE.count()} parameters, {total} steps")


def sparse(delta, chunk=4096, kept=64, levels=7):
    result = np.zeros_like(delta)
    for start in range(0, len(delta), chunk):
        part = delta[start:start + chunk]
        index = np.argsort(-np.abs(part), kind="stable")[:kept]
        scale = max(1, 1 << int(np.ceil(np.log2(max(1, np.abs(part[index]).max() / levels)))))
        result[start + index] = np.rint(part[index] / scale).astype(np.int64) * scale
    return result


def float_losses(master, sequences):
    p, result = from_master(master, torch.float64), []
    with torch.no_grad():
        for part in torch.from_numpy(sequences).to(DEVICE).split(16):
            scores = float_forward(p, part[:, :-1])
            result.append(F.cross_entropy(scores.transpose(1, 2), part[:, 1:], reduction="none").sum(-1))
    return torch.cat(result).cpu().numpy()


def integer_losses(master, sequences, widths):
    model = Model(SHAPE, master, *widths)
    parts = [forward.losses(model, sequences[i:i + 8]) for i in range(0, len(sequences), 8)]
    return np.concatenate(parts) / ONE


def measure(folder, modes):
    base, checkpoints, probes = load(folder)
    data = torch.tensor(list(grammar.text(1_000_000, 2)))
    few = windows(data, 32, torch.Generator().manual_seed(9)).cpu().numpy()
    many = windows(data, 128, torch.Generator().manual_seed(10)).cpu().numpy()
    tokens_few, tokens_many = few.shape[0] * SHAPE.context, many.shape[0] * SHAPE.context
    base_few, base_many = float_losses(base, few), float_losses(base, many)
    true_change = np.array([(float_losses(c, few) - base_few).sum() / tokens_few for c in checkpoints])
    true_gain = np.array([base_many - float_losses(c, many) for c in probes])
    error = np.array([math.sqrt(len(g) * g.var(ddof=1)) for g in true_gain])
    print(json.dumps({"loss": base_few.sum() / tokens_few, "changes": true_change.tolist(),
                      "probe_gains": (true_gain.sum(1) / tokens_many).tolist(),
                      "probe_z": (true_gain.sum(1) / error).tolist()}), flush=True)
    jobs = [(folder, mode, few, many, base_few, base_many, true_change, true_gain, error) for mode in modes]
    with multiprocessing.get_context("spawn").Pool(min(len(jobs), multiprocessing.cpu_count())) as pool:
        for line in pool.imap(measure_mode, jobs):
            print(json.dumps(line), flush=True)


def load(folder):
    saved = np.load(folder / "weights.npz")
    base = saved["base"]
    checkpoints = [saved[f"checkpoint{i}"] for i in range(12)]
    probes = [base + ((saved[f"delta{i}"] + 4) >> 3) for i in range(8)]
    return base, checkpoints, probes


def measure_mode(job):
    folder, mode, few, many, base_few, base_many, true_change, true_gain, error = job
    base, checkpoints, probes = load(folder)
    widths = tuple(int(x) for x in re.fullmatch(r"W(\d+)A(\d+)", mode).groups())
    start, tokens_few, tokens_many = time.time(), few.shape[0] * SHAPE.context, many.shape[0] * SHAPE.context
    int_few, int_many = integer_losses(base, few, widths), integer_losses(base, many, widths)
    change = np.array([(integer_losses(c, few, widths) - int_few).sum() / tokens_few for c in checkpoints])
    gain = np.array([(int_many - integer_losses(c, many, widths)).sum() for c in probes])
    off, ratio = change - true_change, (gain - true_gain.sum(1)) / error
    visible = np.abs(true_change) >= 5e-5
    return {
        "mode": mode,
        "base_difference": (int_few - base_few).sum() / tokens_few,
        "change_rms_error": math.sqrt((off ** 2).mean()),
        "change_max_error": np.abs(off).max(),
        "signs_right": f"{(np.sign(change) == np.sign(true_change))[visible].sum()}/{visible.sum()}",
        "probe_error_rms_nats": math.sqrt((((gain - true_gain.sum(1)) / tokens_many) ** 2).mean()),
        "probe_error_over_standard_error_rms": math.sqrt((ratio ** 2).mean()),
        "probe_error_over_standard_error_max": np.abs(ratio).max(),
        "probe_errors_nats": [float(f"{x:.2e}") for x in (gain - true_gain.sum(1)) / tokens_many],
        "probe_errors_over_standard_error": [round(float(x), 3) for x in ratio],
        "seconds": round(time.time() - start, 1),
    }


def main():
    command, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    if command == "train":
        train(folder, int(sys.argv[3]) if len(sys.argv) > 3 else 2000)
    else:
        measure(folder, sys.argv[3:])


if __name__ == "__main__":
    main()
