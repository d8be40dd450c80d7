"""Time of a training step, ours against timm's or torchvision's, in turn in one run.

    python -m benchmarks.conv --models resnet50 convnext_tiny --batch 4 --size 224

A step is a forward and a backward pass in training mode, without the optimizer, on the
same random images with the same weights.  Each round takes one step with each network,
in an order that alternates; the table shows the median over the rounds of the ratio of
the two times in a round, and the ratio of the fastest steps: below 1, ours is faster.
On a machine that others use, --cpu-time --threads 1 counts the time that the processor
spends on the step instead of the time that passes.
"""

import argparse
import statistics
import sys
import time

import torch
from torch import nn

from ift6135_lib import conv

# counterparts: the class that takes the weights, and from which library
MODELS = {
    "alexnet": ("AlexNet", "torchvision"),
    "convnext_tiny": ("ConvNeXt", "timm"),
    "efficientnet_b0": ("EfficientNet", "timm"),
    "googlenet": ("GoogLeNet", "torchvision"),
    "mixer_s16_224": ("MLPMixer", "timm"),
    "mobilenet_v2": ("MobileNetV2", "torchvision"),
    "resnet18": ("ResNet", "timm"),
    "resnet50": ("ResNet", "timm"),
    "seresnet50": ("SEResNet", "timm"),
    "vgg11": ("VGG", "torchvision"),
}
DEFAULT = ["resnet50", "efficientnet_b0", "convnext_tiny"]


def pair(name):
    """Return our network and its counterpart, with the same weights."""
    import tests.torchvision_shim  # isort: skip # noqa: F401
    import timm
    import torchvision

    cls, library = MODELS[name]
    if library == "timm":
        theirs = timm.create_model(name)
    elif name == "googlenet":
        theirs = torchvision.models.googlenet(aux_logits=False, init_weights=True)
    else:
        theirs = getattr(torchvision.models, name)()
    return getattr(getattr(conv, cls), f"from_{library}")(theirs).train(), theirs


def step(model, x, y, *, bf16, clock):
    """Take one forward and backward pass; return its time in seconds."""
    model.zero_grad()
    _synchronize(x.device)
    start = clock()
    with torch.autocast(x.device.type, torch.bfloat16, enabled=bf16):
        loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
    _synchronize(x.device)
    return clock() - start


def _synchronize(device):
    if device.type == "cuda":
        torch.cuda.synchronize()


def measure(
    name,
    *,
    batch,
    size,
    rounds,
    device,
    channels_last=False,
    bf16=False,
    clock=time.perf_counter,
):
    """Return the times of the rounds, ours and theirs, in seconds.

    Args:
        name: key of ``MODELS``.
        batch: number of images.
        size: their height and width, in pixels.
        rounds: number of rounds, after one that is not counted.
        device: where both networks run.
        channels_last: whether images and kernels are stored channels last.
        bf16: whether the passes run in bfloat16, by autocast.
        clock: function without argument that returns seconds.

    Returns:
        Pairs (ours, theirs).
    """
    layout = torch.channels_last if channels_last else torch.contiguous_format
    models = [m.to(device, memory_format=layout) for m in pair(name)]
    x = torch.randn(batch, 3, size, size, device=device).to(memory_format=layout)
    y = torch.randint(1000, (batch,), device=device)
    times = []
    for i in range(rounds + 1):
        order = (0, 1) if i % 2 else (1, 0)
        taken = {k: step(models[k], x, y, bf16=bf16, clock=clock) for k in order}
        print(f"{name}: round {i}/{rounds} ", end="\r", file=sys.stderr, flush=True)
        if i:
            times.append((taken[0], taken[1]))
    return times


def row(name, times):
    """Return the line of the table for one network: times in ms and ratios."""
    ours, theirs = zip(*times, strict=True)
    ratio = statistics.median(a / b for a, b in times)
    cells = [1e3 * statistics.median(column) for column in (ours, theirs)]
    return (
        f"{name:16}{MODELS[name][1]:>12}{cells[0]:10.1f}{cells[1]:10.1f}"
        f"{ratio:10.2f}{min(ours) / min(theirs):10.2f}"
    )


HEADER = f"""\
{"":16}{"against":>12}{"ours":>10}{"theirs":>10}{"ratio":>10}{"fastest":>10}"""


def main():
    """Read the command line and print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.conv",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--models", nargs="+", choices=MODELS, default=DEFAULT)
    parser.add_argument("--batch", type=int, default=4, help="images (default: 4)")
    parser.add_argument("--size", type=int, default=224, help="pixels (default: 224)")
    parser.add_argument("--rounds", type=int, default=9, help="rounds (default: 9)")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--bf16", action="store_true", help="autocast to bfloat16")
    parser.add_argument(
        "--cpu-time", action="store_true", help="time of the processor, not of the wall"
    )
    parser.add_argument("--threads", type=int, help="threads of PyTorch on the CPU")
    arguments = parser.parse_args()
    for name in ("batch", "size", "rounds"):
        if getattr(arguments, name) < 1:
            parser.error(f"--{name} must be at least 1, got {getattr(arguments, name)}")
    if arguments.threads is not None:
        torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)

    print(
        f"torch {torch.__version__}, {arguments.device}, "
        f"{torch.get_num_threads()} threads, {arguments.batch} images of "
        f"{arguments.size}², {arguments.rounds} rounds; times in ms"
    )
    print(HEADER)
    for name in arguments.models:
        times = measure(
            name,
            batch=arguments.batch,
            size=arguments.size,
            rounds=arguments.rounds,
            device=arguments.device,
            channels_last=arguments.channels_last,
            bf16=arguments.bf16,
            clock=time.process_time if arguments.cpu_time else time.perf_counter,
        )
        print(row(name, times), flush=True)


if __name__ == "__main__":
    main()
