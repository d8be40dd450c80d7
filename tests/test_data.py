"""The data sets: shapes, ranges, splits, seeds; mini-batches without replacement."""

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits

from ift6135_lib import data, toys
from ift6135_lib.corpus import shakespeare
from ift6135_lib.data import minibatches, stratified_splits
from ift6135_lib.device import by_device, default_device

IMAGES = {
    "digits": (1797, (1, 8, 8)),
    "mnist": (10_000, (1, 28, 28)),
    "mnist1d": (5000, (1, 40)),
}
TOYS = ["moons", "eight_gaussians", "rings", "pinwheel", "checkerboard"]


@pytest.mark.parametrize("name", IMAGES)
def test_parts_are_disjoint_stratified_and_seeded(name):
    load, (total, shape) = getattr(data, name), IMAGES[name]
    parts = load(device="cpu")
    assert sum(len(part.y) for part in parts) == total
    for part in parts:
        assert part.x.shape == (len(part.y), *shape) and part.x.dtype == torch.float32
        share = part.y.bincount(minlength=10) / len(part.y)
        whole = torch.cat([p.y for p in parts]).bincount() / total
        assert (share - whole).abs().max() < 0.01
    everything = torch.cat([part.x for part in parts]).flatten(1)
    rows = {tuple(row) for row in everything.numpy().round(4)[:, ::2].tolist()}
    assert len(rows) > 0.99 * total
    again, other = load(device="cpu"), load(device="cpu", seed=1)
    assert torch.equal(parts.train.x, again.train.x)
    assert not torch.equal(parts.train.x, other.train.x)


@pytest.mark.parametrize("name", ["digits", "mnist"])
def test_pixels_lie_between_zero_and_one(name):
    x = getattr(data, name)(device="cpu").train.x
    assert x.min() == 0 and x.max() == 1


def test_digits_are_scikit_learns():
    bunch = load_digits()
    parts = data.digits(device="cpu", dtype=torch.float64)

    def rows(x, y):
        return sorted(map(tuple, np.c_[x.reshape(len(x), -1), y]))

    ours = rows(
        torch.cat([part.x for part in parts]).numpy(),
        torch.cat([part.y for part in parts]).numpy(),
    )
    assert ours == rows(bunch.images / 16, bunch.target)


def test_mnist1d_leaves_numpys_generator_alone():
    np.random.seed(3)
    expected = np.random.rand()
    np.random.seed(3)
    data.mnist1d(device="cpu")
    assert np.random.rand() == expected


def test_mnist1d_missing_says_the_command(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "mnist1d.data", None)
    with pytest.raises(ImportError, match="pip install mnist1d"):
        data.mnist1d()


@pytest.mark.parametrize(("val", "test"), [(0, 0.1), (0.1, 0), (0.6, 0.4), (-0.1, 0.5)])
def test_fractions_must_leave_a_training_set(val, test):
    with pytest.raises(ValueError, match="their sum below 1"):
        stratified_splits(np.zeros((9, 1)), np.zeros(9), val=val, test=test)


@pytest.mark.parametrize("name", TOYS)
def test_toys_are_seeded_points_of_the_plane(name):
    draw = getattr(toys, name)
    x, y = draw(400, device="cpu")
    assert x.shape == (400, 2) and x.dtype == torch.float32 and y.shape == (400,)
    assert x.isfinite().all() and y.min() == 0
    assert torch.equal(x, draw(400, device="cpu")[0])
    assert not torch.equal(x, draw(400, device="cpu", seed=1)[0])
    with pytest.raises(ValueError, match="n is 0"):
        draw(0)
    with pytest.raises(ValueError, match="noise is -1"):
        draw(5, noise=-1)


def test_moons_are_half_circles():
    x, y = toys.moons(200, noise=0, device="cpu")
    centres = torch.tensor([[0.0, 0.0], [1.0, 0.5]])[y]
    assert torch.allclose((x - centres).norm(dim=1), torch.ones(200), atol=1e-5)


def test_minibatches_go_through_all_examples_once_an_epoch():
    batches = minibatches(torch.arange(12), torch.arange(12) * 2, batch_size=4, seed=1)
    for _ in range(3):
        epoch = [next(batches) for _ in range(3)]
        assert torch.cat([x for x, _ in epoch]).sort().values.tolist() == list(
            range(12)
        )
        assert all(torch.equal(2 * x, y) for x, y in epoch)


def test_minibatches_are_unbiased_when_the_size_does_not_divide():
    counts = torch.zeros(7)
    batches = minibatches(torch.arange(7), batch_size=3, seed=0)
    for _ in range(4000):
        counts[next(batches)[0]] += 1
    expected = 4000 * 3 / 7
    assert ((counts - expected).abs() < 5 * expected**0.5).all()


@pytest.mark.parametrize("size", [0, 13])
def test_the_batch_size_must_fit(size):
    with pytest.raises(ValueError, match=f"batch_size is {size}; .* between 1 and 12"):
        minibatches(torch.arange(12), batch_size=size)


def test_minibatches_need_equal_lengths():
    with pytest.raises(ValueError, match="same length"):
        minibatches(torch.ones(3), torch.ones(4), batch_size=1)


def test_shakespeare_round_trip():
    text = shakespeare(device="cpu")
    assert len(text.train) + len(text.val) > 900_000
    assert len(text.val) / (len(text.train) + len(text.val)) == pytest.approx(
        0.1, abs=1e-5
    )
    assert text.decode(text.encode("To be, or not to be")) == "To be, or not to be"
    with pytest.raises(ValueError, match="é"):
        text.encode("été")
    with pytest.raises(ValueError, match="val is 2"):
        shakespeare(val=2)


def test_the_device_chooses_the_size():
    assert by_device(cpu=1, gpu=2) == (1 if default_device().type == "cpu" else 2)
