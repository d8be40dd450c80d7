"""Time of an optimizer step, ours against ``torch.optim``'s, in turn in one run.

    python -m benchmarks.optim --model gpt2 --steps 7

The parameters have the shapes of GPT-2 small (124 million) or of ResNet-18
(12 million); gradients are random.  Each round takes one step with our rule, with
torch's default and with its foreach and fused variants where they exist, in an order
that rotates; the table shows ratios of the medians and of the fastest steps: below 1,
ours is faster.  With --compile, ours is also measured after ``optimizer.compile()``.
GPT-2 takes up to 10 GB of memory.
"""

import argparse
import gc
import statistics
import sys
import time

import torch

from ift6135_lib import optim

RULES = {
    "SGD": (optim.SGD, torch.optim.SGD, {}),
    "Momentum": (optim.Momentum, torch.optim.SGD, {"momentum": 0.9}),
    "Nesterov": (optim.Nesterov, torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
    "Adagrad": (optim.Adagrad, torch.optim.Adagrad, {}),
    "RMSprop": (optim.RMSprop, torch.optim.RMSprop, {}),
    "Adadelta": (optim.Adadelta, torch.optim.Adadelta, {}),
    "Adam": (optim.Adam, torch.optim.Adam, {}),
    "AdamW": (optim.AdamW, torch.optim.AdamW, {}),
    "AMSGrad": (optim.AMSGrad, torch.optim.Adam, {"amsgrad": True}),
}


def gpt2_shapes(layers=12, width=768, context=1024, vocabulary=50257):
    """Return the shapes of the parameters of GPT-2; the defaults are GPT-2 small."""
    norm = [(width,), (width,)]
    block = [
        *norm,
        *[(width, 3 * width), (3 * width,), (width, width), (width,)],  # attention
        *norm,
        *[(width, 4 * width), (4 * width,), (4 * width, width), (width,)],  # MLP
    ]
    return [(vocabulary, width), (context, width), *layers * block, *norm]


def resnet18_shapes(classes=1000):
    """Return the shapes of the parameters of ResNet-18."""

    def conv_norm(d_in, d_out, k):
        return [(d_out, d_in, k, k), (d_out,), (d_out,)]

    shapes = conv_norm(3, 64, 7)
    d_in = 64
    for d in (64, 128, 256, 512):
        shapes += conv_norm(d_in, d, 3) + conv_norm(d, d, 3)
        if d != d_in:
            shapes += conv_norm(d_in, d, 1)  # the shortcut
        shapes += 2 * conv_norm(d, d, 3)
        d_in = d
    return [*shapes, (classes, 512), (classes,)]


MODELS = {"gpt2": gpt2_shapes, "resnet18": resnet18_shapes}


def optimizers(rule, parameters, *, compile=False):
    """Return the contestants by name; those that this device lacks are left out."""
    ours, theirs, arguments = RULES[rule]
    own = {k: v for k, v in arguments.items() if k == "momentum"}
    contestants = {
        "ours": ours(parameters, lr=1e-5, **own),
        "default": theirs(parameters, lr=1e-5, **arguments),
    }
    if compile:
        contestants["compiled"] = ours(parameters, lr=1e-5, **own)
        contestants["compiled"].compile()
    for variant in ("foreach", "fused"):
        try:
            contestants[variant] = theirs(
                parameters, lr=1e-5, **arguments, **{variant: True}
            )
            contestants[variant].step()
        except (TypeError, RuntimeError):  # this rule or this device has none
            contestants.pop(variant, None)
    return contestants


def measure(rule, shapes, *, steps, device, compile=False):
    """Return the times of ``steps`` steps of each contestant, in seconds.

    Args:
        rule: Key of ``RULES``.
        shapes: Shapes of the parameters.
        steps: Number of rounds.
        device: Device of the parameters.
        compile: Whether ours runs a second time, compiled.

    Returns:
        Lists of times by contestant.
    """
    parameters = [
        torch.nn.Parameter(0.02 * torch.randn(s, device=device)) for s in shapes
    ]
    for p in parameters:
        p.grad = 0.01 * torch.randn_like(p)
    contestants = optimizers(rule, parameters, compile=compile)
    for optimizer in contestants.values():
        for _ in range(2):  # the first steps make the state and compile
            optimizer.step()
    names = list(contestants)
    times = {name: [] for name in names}
    for _ in range(steps):
        for name in names:
            _synchronize(device)
            start = time.perf_counter()
            contestants[name].step()
            _synchronize(device)
            times[name].append(time.perf_counter() - start)
        names.append(names.pop(0))
    return times


def _synchronize(device):
    if torch.device(device).type == "cuda":
        torch.cuda.synchronize()


def table(rule, times):
    """Return the lines of the table for one rule: times in ms and ratios."""
    median = {name: statistics.median(x) for name, x in times.items()}
    fastest = {name: min(x) for name, x in times.items()}
    best = min(median.keys() & {"foreach", "fused"}, key=median.get)
    lines = []
    for name in median.keys() & {"ours", "compiled"}:
        label = rule if name == "ours" else "  compiled"
        cells = [f"{1e3 * median[x]:8.2f}" for x in (name, "default", best)]
        ratios = [
            f"{x[name] / x[y]:8.2f}"
            for x in (median, fastest)
            for y in ("default", best)
        ]
        lines.append(f"{label:12}{''.join(cells)} {best:9}{''.join(ratios)}")
    return sorted(lines, reverse=True)


HEADER = f"""\
{"":12}{"ours":>8}{"default":>8}{"best of torch":>18}{"medians":>16}{"fastest":>16}
{"":46}{2 * "/default   /best":>32}"""


def main():
    """Read the command line and print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.optim",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--model", choices=[*MODELS, "all"], default="all")
    parser.add_argument("--steps", type=int, default=7, help="rounds (default: 7)")
    parser.add_argument("--rules", nargs="+", choices=RULES, default=list(RULES))
    parser.add_argument("--compile", action="store_true", help="ours compiled, too")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, help="threads of PyTorch on the CPU")
    arguments = parser.parse_args()
    if arguments.steps < 1:
        parser.error(f"--steps must be at least 1, got {arguments.steps}")
    if arguments.threads is not None:
        torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)

    print(
        f"torch {torch.__version__}, {arguments.device}, "
        f"{torch.get_num_threads()} threads, {arguments.steps} rounds; times in ms"
    )
    for model in MODELS if arguments.model == "all" else [arguments.model]:
        shapes = MODELS[model]()
        count = sum(torch.Size(s).numel() for s in shapes)
        print(f"\n{model}: {count / 1e6:.1f} million parameters, {len(shapes)} tensors")
        print(HEADER)
        for i, rule in enumerate(arguments.rules, 1):
            print(f"{rule} ({i}/{len(arguments.rules)})", end="\r", file=sys.stderr)
            times = measure(
                rule,
                shapes,
                steps=arguments.steps,
                device=arguments.device,
                compile=arguments.compile,
            )
            print(*table(rule, times), sep="\n", flush=True)
            gc.collect()


if __name__ == "__main__":
    main()
