"""The course's data sets, without a download, as tensors on the device.

Images are (n, 1, height, width) in [0, 1]; labels are whole numbers. The same seed
gives the same tensors on every machine: they are drawn on the CPU, then moved.

Source: digits, Alpaydin & Kaynak 1998; MNIST, LeCun et al. 1998;
    MNIST-1D, Greydanus & Kobak 2020, arXiv:2011.14439. ``datasets/README.md`` gives
    provenance and licences.
See: chapters/04-optimization/gradient-descent.md
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import as_file, files
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from ift6135_lib.device import default_device

DATASETS = files("ift6135_lib") / "datasets"


class Part(NamedTuple):
    """Examples and their labels, n of each.

    Example:
        >>> x, y = Part(torch.zeros(3, 1, 8, 8), torch.tensor([0, 1, 1]))
        >>> len(x) == len(y)
        True
    """

    x: Tensor  # (n, …) examples; images are (n, 1, height, width)
    y: Tensor  # (n,) classes, whole numbers from 0


class Splits(NamedTuple):
    """The three parts of a data set: no example is in two of them.

    Example:
        >>> train, val, test = digits(device="cpu")
        >>> train.x.shape, train.y.shape
        (torch.Size([1005, 1, 8, 8]), torch.Size([1005]))
    """

    train: Part  # to fit the parameters on
    val: Part  # to choose the hyperparameters with
    test: Part  # to measure, once


def stratified_splits(
    x: np.ndarray,
    y: np.ndarray,
    *,
    val: float,
    test: float,
    seed: int = 0,
    device: torch.device | str | None = None,
    dtype: torch.dtype = torch.float32,
) -> Splits:
    """Split examples so that each class has the same share of every part.

    Args:
        x: examples (n, *shape).
        y: labels (n,).
        val: fraction of validation, in (0, 1).
        test: fraction of test, in (0, 1).
        seed: of the shuffle.
        device: where the tensors go; this machine's fastest by default.
        dtype: of the examples.

    Returns:
        The three parts, each shuffled.

    Raises:
        ValueError: the fractions leave nothing to train on.

    Example:
        >>> x, y = np.zeros((40, 2)), np.arange(40) % 4
        >>> parts = stratified_splits(x, y, val=0.25, test=0.25, device="cpu")
        >>> parts.train.y.bincount()
        tensor([5, 5, 5, 5])
    """
    if not (0 < val < 1 and 0 < test < 1 and val + test < 1):
        raise ValueError(
            f"val is {val} and test {test}; both must be positive and their sum below 1"
        )
    random = np.random.default_rng(seed)
    chosen: tuple[list, list, list] = ([], [], [])
    for label in np.unique(y):
        members = random.permutation(np.flatnonzero(y == label))
        first, second = round(len(members) * test), round(len(members) * (test + val))
        for part, rows in zip(
            chosen,
            (members[second:], members[first:second], members[:first]),
            strict=True,
        ):
            part.append(rows)
    device = default_device() if device is None else device

    def part(rows: list) -> Part:
        order = random.permutation(np.concatenate(rows))
        images = torch.as_tensor(x[order], dtype=dtype, device=device)
        return Part(images, torch.as_tensor(y[order], dtype=torch.long, device=device))

    return Splits(*map(part, chosen))


def digits(
    *,
    seed: int = 0,
    device: torch.device | str | None = None,
    dtype: torch.dtype = torch.float32,
) -> Splits:
    """1,797 handwritten digits of 8 × 8 pixels: 56 % train, 14 % val, 30 % test.

    Args:
        seed: of the split.
        device: where the tensors go; this machine's fastest by default.
        dtype: of the images.

    Returns:
        Images (n, 1, 8, 8) in [0, 1] and labels 0–9.

    Example:
        >>> digits(device="cpu").train.x.shape[1:]
        torch.Size([1, 8, 8])
    """
    with as_file(DATASETS / "digits.npz") as path, np.load(path) as arrays:
        x, y = arrays["x"][:, None] / 16, arrays["y"]
    return stratified_splits(
        x, y, val=0.14, test=0.3, seed=seed, device=device, dtype=dtype
    )


def mnist(
    *,
    seed: int = 0,
    device: torch.device | str | None = None,
    dtype: torch.dtype = torch.float32,
) -> Splits:
    """The 10,000 digits of MNIST that ship with the package: 80 %, 10 %, 10 %.

    Args:
        seed: of the split.
        device: where the tensors go; this machine's fastest by default.
        dtype: of the images.

    Returns:
        Images (n, 1, 28, 28) in [0, 1] and labels 0–9.

    Example:
        >>> mnist(device="cpu").train.x.shape[1:]
        torch.Size([1, 28, 28])
    """
    with as_file(DATASETS / "mnist10k.npz") as path, np.load(path) as arrays:
        x, y = arrays["x"][:, None] / np.float32(255), arrays["y"]
    return stratified_splits(
        x, y, val=0.1, test=0.1, seed=seed, device=device, dtype=dtype
    )


def mnist1d(
    *,
    seed: int = 0,
    device: torch.device | str | None = None,
    dtype: torch.dtype = torch.float32,
) -> Splits:
    """MNIST-1D: 5,000 noisy, shifted and sheared signals of 40 samples, ten classes.

    Args:
        seed: of the split; the signals themselves are always the same.
        device: where the tensors go; this machine's fastest by default.
        dtype: of the signals.

    Returns:
        Signals (n, 1, 40) and labels 0–9.

    Raises:
        ImportError: the package ``mnist1d`` is missing; the message says how to get it.

    Source:
        Greydanus & Kobak 2020, arXiv:2011.14439.

    Example:
        >>> mnist1d(device="cpu").train.x.shape[1:]
        torch.Size([1, 40])
    """
    try:
        from mnist1d.data import get_dataset_args, make_dataset
    except ImportError as error:
        raise ImportError(
            "mnist1d() draws its signals with the package mnist1d: pip install mnist1d"
        ) from error
    state = np.random.get_state()  # noqa: NPY002 - the package seeds this generator
    made = make_dataset(get_dataset_args())
    np.random.set_state(state)  # noqa: NPY002
    x = np.concatenate([made["x"], made["x_test"]])[:, None]
    y = np.concatenate([made["y"], made["y_test"]])
    return stratified_splits(
        x, y, val=0.1, test=0.2, seed=seed, device=device, dtype=dtype
    )


def minibatches(
    *tensors: Tensor,
    batch_size: int,
    seed: int = 0,
) -> Iterator[tuple[Tensor, ...]]:
    """Mini-batches without end, shuffled anew at each epoch, without replacement.

    The examples that do not fill a last batch are left out of their epoch, so that
    every batch has the same size and every example the same chance.

    Args:
        tensors: their first axes count the same examples.
        batch_size: examples in a batch, between 1 and all of them.
        seed: of the shuffles.

    Yields:
        One tuple of tensors (batch_size, *shape) for each batch.

    Raises:
        ValueError: no tensor, different lengths, or a size out of range.

    Example:
        >>> batches = minibatches(torch.arange(4), batch_size=2)
        >>> first, second = next(batches), next(batches)
        >>> sorted(torch.cat([*first, *second]).tolist())
        [0, 1, 2, 3]
    """
    lengths = [len(tensor) for tensor in tensors]
    if not tensors or len(set(lengths)) > 1:
        raise ValueError(
            f"the tensors have {lengths} examples; give at least one tensor, and all "
            "of the same length"
        )
    n = lengths[0]
    if not 1 <= batch_size <= n:
        raise ValueError(f"batch_size is {batch_size}; it must lie between 1 and {n}")
    return _shuffled(tensors, n, batch_size, seed)


def _shuffled(tensors, n, batch_size, seed):
    generator = torch.Generator().manual_seed(seed)
    while True:
        order = torch.randperm(n, generator=generator)
        for first in range(0, n - batch_size + 1, batch_size):
            rows = order[first : first + batch_size].to(tensors[0].device)
            yield tuple(tensor[rows] for tensor in tensors)
