"""Time of the sequence models of chapter 7 against the length of the sequence.

    python -m benchmarks.sequences --rounds 5

ByteNet's loss and gradient, WaveNet's, and for comparison an LSTM of ByteNet's width,
at lengths that double.  The slope of log time against log length is 1 when the time is
linear.  Then WaveNet's generation, with rings and without, as a ratio.  Lengths are
visited in turn, in an order that rotates; the table shows medians.
"""

import argparse
import statistics
import time

import torch
from torch import nn

from ift6135_lib.conv import ByteNet, WaveNet, bytenet, wavenet

LENGTHS = (1024, 2048, 4096, 8192)


class Recurrent(nn.Module):
    """An LSTM that predicts the next character."""

    def __init__(self, characters, width):
        super().__init__()
        self.embedding = nn.Embedding(characters, width)
        self.lstm = nn.LSTM(width, width, batch_first=True)
        self.last = nn.Linear(width, characters)

    def forward(self, x):
        return self.last(self.lstm(self.embedding(x))[0])


def contestants(width=32, characters=32):
    """Return functions of the length that make the loss of one random sequence."""
    byte = ByteNet(characters, width=width)
    wave = WaveNet([2**i for i in range(8)], channels=16, skip_channels=32)
    lstm = Recurrent(characters, 2 * width)

    def text(n):
        return torch.randint(2, characters, (1, n))

    return {
        "ByteNet": lambda n: bytenet.loss(byte, (text(n), text(n)))["loss"],
        "WaveNet": lambda n: wavenet.loss(wave, (torch.randint(256, (1, n)),))["loss"],
        "LSTM": lambda n: nn.functional.cross_entropy(
            lstm(text(n)).flatten(0, 1), text(n).flatten()
        ),
    }


def measure(make_loss, rounds):
    """Return the median seconds of a loss and its gradient, by length."""
    times = {n: [] for n in LENGTHS}
    order = list(LENGTHS)
    for _ in range(rounds + 1):  # the first round warms up
        for n in order:
            start = time.perf_counter()
            make_loss(n).backward()
            times[n].append(time.perf_counter() - start)
        order.append(order.pop(0))
    return {n: statistics.median(seconds[1:]) for n, seconds in times.items()}


def slope(times):
    """Return the slope of log time against log length, by least squares."""
    x = torch.tensor([*times], dtype=torch.float64).log()
    y = torch.tensor([*times.values()], dtype=torch.float64).log()
    return (
        ((x - x.mean()) * (y - y.mean())).sum() / x.var(correction=0) / len(x)
    ).item()


def main():
    """Read the command line and print the tables."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.sequences",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rounds", type=int, default=5, help="rounds (default: 5)")
    parser.add_argument("--threads", type=int, help="threads of PyTorch on the CPU")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error(f"--rounds must be at least 1, got {arguments.rounds}")
    if arguments.threads is not None:
        torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    torch.set_flush_denormal(True)

    print(f"torch {torch.__version__}; ms by length, and the slope")
    print(f"{'':10}" + "".join(f"{n:>9}" for n in LENGTHS) + f"{'slope':>8}")
    for name, make_loss in contestants().items():
        times = measure(make_loss, arguments.rounds)
        cells = "".join(f"{1e3 * times[n]:9.1f}" for n in LENGTHS)
        print(f"{name:10}{cells}{slope(times):8.2f}", flush=True)

    model, seconds = WaveNet([2**i for i in range(10)], channels=16), {}
    codes = torch.randint(256, (1, model.receptive_field))
    for fast in (True, False):
        before = time.perf_counter()
        model.generate(codes[:, :1], 1_500, fast=fast)
        seconds[fast] = time.perf_counter() - before
    print(
        f"generation: without rings / with rings = {seconds[False] / seconds[True]:.2f}"
    )


if __name__ == "__main__":
    main()
