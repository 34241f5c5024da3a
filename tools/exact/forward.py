"""The judge's forward pass and loss (docs/numbers.md), over a batch of sequences at once."""
from dataclasses import dataclass

import numpy as np

from numbers_exact import (I64, LN_2, LOG2_E, EPSILON, LOSS_BITS, MASTER_BITS, SATURATED, STREAM_BITS, WEIGHT_SUM_BITS,
                           bit_length, exact_product, exp2_negative, isqrt, log2, quantise, rescale, rotary_table, round_divide,
                           round_shift, saturate, score_scale, sigmoid)


@dataclass(frozen=True)
class Shape:
    vocabulary: int
    width: int
    layers: int
    heads: int
    feed_forward: int
    context: int
    tied: bool

    @property
    def head_width(self):
        return self.width // self.heads

    def tensors(self):
        """(name, rows, columns) in the order the weights lie in."""
        d, f = self.width, self.feed_forward
        yield "embedding", self.vocabulary, d
        for l in range(self.layers):
            yield f"{l}.attention_norm", 1, d
            for name in ("query", "key", "value", "output"):
                yield f"{l}.{name}", d, d
            yield f"{l}.feed_forward_norm", 1, d
            yield f"{l}.gate", f, d
            yield f"{l}.up", f, d
            yield f"{l}.down", d, f
        yield "norm", 1, d
        if not self.tied:
            yield "head", self.vocabulary, d

    def count(self):
        return sum(r * c for _, r, c in self.tensors())


class Model:
    """Forward weights made from master weights (int64 holding int32, Q24)."""

    def __init__(self, shape, master, weight_bits=16, activation_bits=18):
        self.shape, self.bits, self.key_bits = shape, activation_bits, weight_bits
        self.matrix, self.gain, start = {}, {}, 0
        for name, rows, columns in shape.tensors():
            values = master[start:start + rows * columns].astype(I64).reshape(rows, columns)
            start += rows * columns
            if name.endswith("norm"):
                self.gain[name] = values[0]
                continue
            if name == "embedding":
                self.embedding = values
            if name != "embedding" or shape.tied:
                self.matrix["head" if name == "embedding" else name] = quantise(values, weight_bits)
        assert start == len(master)


def norm(h, gain):
    """[…, width] Q20 → Q48."""
    reduce = np.maximum(0, bit_length(np.abs(h).max(-1, keepdims=True)) - 24)
    squares = (round_shift(h, reduce) ** 2).sum(-1, keepdims=True)
    mean = round_divide(squares, h.shape[-1]) + round_shift(I64(EPSILON), 2 * reduce)
    raise_ = (62 - bit_length(mean)) // 2
    inverse = round_divide(I64(1) << 61, isqrt(mean << (2 * raise_)))
    return round_shift(h * inverse, 37 + reduce - raise_) * gain


def linear(x, fraction_bits, matrix, bits):
    """[…, columns] in Q(fraction_bits) times a quantised matrix → […, rows] Q20."""
    q, shift = quantise(x, bits)
    w, w_shift = matrix
    return rescale(exact_product(q, w), MASTER_BITS + fraction_bits - STREAM_BITS - shift - w_shift[:, 0])


def rotate(x, cos, sin):
    """[B, H, T, head_width] Q20."""
    half = x.shape[-1] // 2
    a, b = x[..., :half], x[..., half:]
    return np.concatenate((saturate(round_shift(a * cos - b * sin, 30)), saturate(round_shift(b * cos + a * sin, 30))), -1)


def attention(q, k, v, shape, bits, key_bits):
    """[B, T, width] Q20 each → the same. Keys are the rows of a product, so they have a weight's bits."""
    batch, length, _ = q.shape
    split = lambda x: x.reshape(batch, length, shape.heads, shape.head_width).transpose(0, 2, 1, 3)
    cos, sin = (t[:length] for t in rotary_table(shape.head_width, shape.context))
    q, q_shift = quantise(saturate(round_shift(rotate(split(q), cos, sin) * score_scale(shape.head_width), 30)), bits)
    k, k_shift = quantise(rotate(split(k), cos, sin), key_bits)
    scores = rescale(exact_product(q, k), 2 * STREAM_BITS - 22 - q_shift - np.swapaxes(k_shift, -1, -2))
    future = np.triu(np.ones((length, length), dtype=bool), 1)
    largest = np.where(future, -SATURATED, scores).max(-1, keepdims=True)
    weights = np.where(future, 0, exp2_negative(np.maximum(largest - scores, 0), WEIGHT_SUM_BITS))

    # Sums reach 2^62, beyond float64: the values are split at 16 bits.
    v = np.swapaxes(split(v), -1, -2)
    sums = (exact_product(weights, v >> 16) << 16) + exact_product(weights, v & 0xFFFF)
    return round_divide(sums, weights.sum(-1, keepdims=True)).transpose(0, 2, 1, 3).reshape(batch, length, shape.width)


def logits(model, tokens):
    """[B, T] tokens → [B, T, vocabulary] Q20."""
    shape, bits, m = model.shape, model.bits, model.matrix
    h = round_shift(model.embedding[tokens], MASTER_BITS - STREAM_BITS)
    for l in range(shape.layers):
        y = norm(h, model.gain[f"{l}.attention_norm"])
        q, k, v = (linear(y, 48, m[f"{l}.{name}"], bits) for name in ("query", "key", "value"))
        h = saturate(h + linear(attention(q, k, v, shape, bits, model.key_bits), STREAM_BITS, m[f"{l}.output"], bits))
        y = norm(h, model.gain[f"{l}.feed_forward_norm"])
        gate, up = (linear(y, 48, m[f"{l}.{name}"], bits) for name in ("gate", "up"))
        hidden = round_shift(gate * sigmoid(gate), 30) * up
        h = saturate(h + linear(hidden, 2 * STREAM_BITS, m[f"{l}.down"], bits))
    return linear(norm(h, model.gain["norm"]), 48, m["head"], bits)


def token_losses(scores, targets):
    """[B, T, vocabulary] Q20 → [B, T] nats in Q24."""
    largest = scores.max(-1, keepdims=True)
    distance = largest - scores
    near = distance <= 22 << STREAM_BITS
    exponent = round_shift(np.where(near, distance, 0) * LOG2_E, 28)
    total = np.where(near, exp2_negative(exponent, 30), 0).sum(-1)
    chosen = np.take_along_axis(distance, targets[..., None], -1)[..., 0]
    return round_shift((log2(total) - (30 << 30)) * LN_2, 34) + (chosen << (LOSS_BITS - STREAM_BITS))


def losses(model, sequences):
    """[N, T + 1] tokens → N sums of the targets' losses, nats in Q24."""
    sequences = np.asarray(sequences, dtype=I64)
    return token_losses(logits(model, sequences[:, :-1]), sequences[:, 1:]).sum(-1)
