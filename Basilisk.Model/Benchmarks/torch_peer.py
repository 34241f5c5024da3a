"""The same model and step in PyTorch: Llama shape, AdamW, clipping. Prints the median tokens per second.
Arguments: vocabulary width layers heads feed_forward context sequences threads steps."""
import math
import statistics
import sys
import time

import torch
import torch.nn.functional as F

V, D, L, H, FF, T, B, THREADS, STEPS = map(int, sys.argv[1:10])
torch.set_num_threads(THREADS)
torch.manual_seed(0)


def matrix(rows, columns):
    return torch.nn.Parameter(torch.randn(rows, columns) * 0.02)


embedding = matrix(V, D)
layers = [
    dict(n1=torch.nn.Parameter(torch.ones(D)), qkv=matrix(3 * D, D), o=matrix(D, D),
         n2=torch.nn.Parameter(torch.ones(D)), gate_up=matrix(2 * FF, D), down=matrix(D, FF))
    for _ in range(L)
]
final = torch.nn.Parameter(torch.ones(D))
parameters = [embedding, final] + [p for layer in layers for p in layer.values()]
angles = torch.outer(torch.arange(T).float(), 10_000.0 ** (-torch.arange(0, D // H, 2).float() / (D // H)))
cosine, sine = torch.cos(angles), torch.sin(angles)
mask = torch.full((T, T), float("-inf")).triu(1)


def norm(x, gain):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * gain


def turn(x):
    a, b = x.chunk(2, -1)
    return torch.cat((a * cosine - b * sine, b * cosine + a * sine), -1)


def loss_of(tokens):
    x = embedding[tokens[:, :-1]]
    for layer in layers:
        q, k, v = (F.linear(norm(x, layer["n1"]), layer["qkv"]).view(B, T, 3, H, D // H).permute(2, 0, 3, 1, 4))
        scores = turn(q) @ turn(k).transpose(-2, -1) / math.sqrt(D // H) + mask
        mixed = (F.softmax(scores, -1) @ v).transpose(1, 2).reshape(B, T, D)
        x = x + F.linear(mixed, layer["o"])
        gate, up = F.linear(norm(x, layer["n2"]), layer["gate_up"]).chunk(2, -1)
        x = x + F.linear(F.silu(gate) * up, layer["down"])
    logits = F.linear(norm(x, final), embedding)
    return F.cross_entropy(logits.view(-1, V), tokens[:, 1:].reshape(-1))


optimiser = torch.optim.AdamW(parameters, lr=1e-3, betas=(0.9, 0.95))
rates = []
for step in range(STEPS + 1):
    batch = torch.randint(0, V, (B, T + 1))
    start = time.perf_counter()
    optimiser.zero_grad()
    loss_of(batch).backward()
    torch.nn.utils.clip_grad_norm_(parameters, 1.0)
    optimiser.step()
    if step > 0:
        rates.append(B * T / (time.perf_counter() - start))
print(statistics.median(rates))
