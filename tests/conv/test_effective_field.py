"""The effective field: closed forms, its Gaussian shape, its radius against depth."""

import math

import pytest
import torch
from torch import nn

from ift6135_lib.conv import effective_receptive_field, energy_radius, receptive_field
from tests.conv.cases import draw


def means(depth):
    """3 × 3 means, one after the other: the gradient is a product of binomials."""
    convs = [nn.Conv2d(1, 1, 3, bias=False).double() for _ in range(depth)]
    for conv in convs:
        nn.init.constant_(conv.weight, 1 / 9)
    return nn.Sequential(*convs)


def random_network(depth, seed, width=8):
    torch.manual_seed(seed)
    layers = []
    for i in range(depth):
        conv = nn.Conv2d(width if i else 1, width, 3, bias=False)
        nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
        layers += [conv, nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def test_one_layer_has_the_energy_of_its_kernel():
    conv = nn.Conv2d(1, 1, (3, 5), bias=False).double()
    energy = effective_receptive_field(conv, (1, 3, 5), samples=3)
    kernel = conv.weight[0, 0].detach() ** 2
    assert torch.allclose(energy, kernel / kernel.sum(), atol=1e-12)


@pytest.mark.parametrize("depth", [1, 2, 5])
def test_means_have_the_squared_power_of_a_trinomial(depth):
    row = torch.ones(1, dtype=torch.float64)
    for _ in range(depth):
        row = torch.tensor(
            [sum(row[max(0, i - 2) : i + 1]) for i in range(len(row) + 2)]
        )
    energy = effective_receptive_field(means(depth), (1, 2 * depth + 1, 2 * depth + 1))
    expected = torch.outer(row, row).double() ** 2
    assert energy.shape == expected.shape
    assert torch.allclose(energy, expected / expected.sum(), atol=1e-10)


def test_a_linear_network_has_the_energy_of_its_jacobian():
    """Averaged over mixes of the channels, the energy is the Jacobian's norm."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(2, 3, 3), nn.Conv2d(3, 4, 2)).double()
    energy = effective_receptive_field(model, (2, 4, 4), samples=1000)
    x = draw(1, 2, 4, 4)
    jacobian = torch.func.jacrev(model)(x)[0, :, 0, 0, 0]  # (4, 2, 4, 4)
    expected = jacobian.square().sum((0, 1))
    assert torch.allclose(energy, expected / expected.sum(), atol=0.02)


def test_it_is_gaussian_like_and_much_smaller_than_the_theoretical_field():
    depth = 10
    size = receptive_field([(3,)] * depth).size
    energy = sum(
        effective_receptive_field(random_network(depth, seed), (1, size, size))
        for seed in range(10)
    )
    energy = energy / energy.sum()
    radius = energy_radius(energy)
    assert size == 21 and radius < size / 4
    # a Gaussian has 1 - exp(-2) = 86 % of its energy within √2 of its r.m.s. radius
    place = torch.arange(size) - size // 2
    distance = (place[:, None] ** 2 + place**2).sqrt()
    within = energy[distance <= math.sqrt(2) * radius].sum()
    assert abs(within - (1 - math.exp(-2))) < 0.06
    assert energy[distance > size // 2].sum() < 0.02


def test_the_radius_grows_as_the_square_root_of_the_depth():
    depths, radii = [5, 10, 20, 40], []
    for depth in depths:
        shape = (1, 2 * depth + 1, 2 * depth + 1)
        radii.append(
            energy_radius(
                sum(
                    effective_receptive_field(
                        random_network(depth, s), shape, samples=4
                    )
                    for s in range(3)
                )
            )
        )
    x, y = (torch.tensor(v, dtype=torch.float64).log() for v in (depths, radii))
    slope = ((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()
    assert abs(slope - 0.5) < 0.15


def test_the_radius_of_two_points_and_of_a_square():
    assert energy_radius(torch.tensor([[1.0, 0, 0], [0, 0, 0], [0, 0, 1.0]])) == (
        pytest.approx(math.sqrt(2))
    )
    n = 9  # variance of n equal shares: (n² - 1) / 12 along each axis
    expected = math.sqrt(2 * (n**2 - 1) / 12)
    assert energy_radius(torch.ones(n, n)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (nn.Flatten(), r"output has the shape \(8, 16\)"),
        (nn.Threshold(100.0, 0.0), "zero everywhere"),
    ],
)
def test_what_has_no_field_is_refused(model, message):
    with pytest.raises(ValueError, match=message):
        effective_receptive_field(model, (1, 4, 4))


def test_samples_are_at_least_one():
    with pytest.raises(ValueError, match="samples is 0"):
        effective_receptive_field(nn.Identity(), (1, 4, 4), samples=0)
