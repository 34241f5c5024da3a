"""Synthetic English for the precision study: sentences from templates, with counting and sums in them."""
import random

NAMES = "Ada Ben Cleo Dov Ema Finn Gita Hugo Ines Jon Kira Leo Mina Noor Otto Pia Quin Rosa Sven Tara Uma Vik Wren Xena Yuri Zoe".split()
THINGS = ("apple ball candle drum engine flute garden hammer island jacket kettle lantern mirror needle orange pencil quilt "
          "ribbon saddle table umbrella violin window yarn zipper").split()
QUALITIES = "red blue green heavy light old new broken golden quiet loud tiny huge wooden cold warm".split()
VERBS = "sees buys sells finds hides paints carries drops repairs borrows washes measures".split()
RELATIONS = "under behind near above inside beside".split()
PLACES = ["the river", "the tower", "a bridge", "the market", "an old house", "the station", "the forest", "a small hill"]
MOODS = "happy sad tired late early".split()


def _sentence(r):
    one, other, thing, quality = r.choice(NAMES), r.choice(NAMES), r.choice(THINGS), r.choice(QUALITIES)
    kind = r.randrange(7)
    if kind == 0:
        return f"{one} {r.choice(VERBS)} the {quality} {thing} {r.choice(RELATIONS)} {r.choice(PLACES)}."
    if kind == 1:
        a, b = r.randrange(100), r.randrange(100)
        return f"{a} + {b} = {a + b}."
    if kind == 2:
        return f"When {one} {r.choice(VERBS)} a {thing}, {other} {r.choice(VERBS)} the same {thing}."
    if kind == 3:
        count = r.randrange(2, 60)
        return f"{one} has {count} {thing}s and {other} has {count - 1}, so {one} has more."
    if kind == 4:
        return f"\"Is the {thing} {quality}?\" asked {one}. \"Yes, it is {quality},\" said {other}."
    if kind == 5:
        counted = [r.choice(THINGS) for _ in range(r.randrange(2, 5))]
        listed = ", ".join(f"{i + 1} {c}" for i, c in enumerate(counted))
        return f"{one} counts: {listed}; total {len(counted)}."
    return (f"{r.choice(PLACES).capitalize()} is {r.choice(RELATIONS)} {r.choice(PLACES)}, and {one} is {r.choice(MOODS)} "
            f"because {other} {r.choice(VERBS)} the {thing}.")


def text(length, seed):
    """At least `length` bytes of ASCII, the same for the same seed."""
    r, sentences, total = random.Random(seed), [], 0
    while total < length:
        sentence = _sentence(r) + r.choice("  \n")
        sentences.append(sentence)
        total += len(sentence)
    return "".join(sentences).encode("ascii")
