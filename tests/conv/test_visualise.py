"""The images that excite a unit: closed forms, ascent, a trained network; filters."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from ift6135_lib.conv import activation_maximisation, first_layer_filters
from ift6135_lib.data import digits, minibatches, mnist


def test_the_best_image_of_a_linear_unit_is_its_kernel():
    torch.manual_seed(0)
    conv = nn.Conv2d(2, 3, (4, 3)).double()
    found = activation_maximisation(
        conv, conv, 1, input_shape=(2, 4, 3), norm=2.5, steps=60
    )
    w = conv.weight[1].detach()
    assert found.image.norm().item() == pytest.approx(2.5)
    assert torch.allclose(found.image, 2.5 * w / w.norm(), atol=1e-6)
    best = 2.5 * w.norm() + conv.bias[1].detach()
    assert found.activations[-1] == pytest.approx(best.item())


def test_the_best_image_of_a_quadratic_unit_is_its_first_singular_vector():
    """a(x) = |Ax|² on a sphere is largest along the largest singular value."""
    A = torch.randn(5, 6)

    class Energy(nn.Module):
        def forward(self, x):
            return (x.flatten(1) @ A.T).square().sum(1, keepdim=True)

    model = Energy()
    found = activation_maximisation(
        model, model, 0, input_shape=(1, 2, 3), steps=400, lr=0.3
    )
    _, s, v = torch.linalg.svd(A)
    assert found.activations[-1] == pytest.approx(s[0].item() ** 2, rel=1e-4)
    assert abs(found.image.flatten() @ v[0]) > 0.999


def test_the_model_is_used_as_at_evaluation_and_left_as_it_was():
    conv = nn.Conv2d(1, 2, 3)
    model = nn.Sequential(conv, nn.BatchNorm2d(2), nn.Dropout(0.9))
    model[2].eval()
    before = model[1].running_mean.clone()
    found = activation_maximisation(model, model[2], 0, input_shape=(1, 3, 3), steps=30)
    kernel = conv.weight[0] / conv.weight[0].norm()
    assert torch.allclose(found.image, kernel, atol=1e-3)
    assert torch.equal(model[1].running_mean, before)
    assert [m.training for m in model] == [True, True, False]
    assert all(p.grad is None for p in model.parameters())


def trained():
    torch.manual_seed(0)
    model = nn.Sequential(
        *(nn.Conv2d(1, 8, 5, padding=2), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(256, 10)),
    )
    data = digits(device="cpu")
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    batches = minibatches(data.train.x, data.train.y, batch_size=64)
    for x, y in (next(batches) for _ in range(100)):
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
    return model, data


def test_it_beats_every_image_of_the_data_at_the_same_norm():
    model, data = trained()
    x = data.test.x
    norm = x.flatten(1).norm(dim=1).mean().item()
    x = norm * x / x.flatten(1).norm(dim=1)[:, None, None, None]
    generator = torch.get_rng_state()
    for layer, channel in ((model[4], 3), (model[-1], 7)):
        found = activation_maximisation(
            model, layer, channel, input_shape=(1, 8, 8), norm=norm, lr=0.1
        )
        with torch.no_grad():
            outputs = model.eval()[: 1 + list(model).index(layer)](x)
            best = outputs.flatten(2).mean(2) if outputs.ndim > 2 else outputs
        model.train()
        assert found.activations[-1] > best[:, channel].max() > found.activations[0]
        assert len(found.activations) == 101
    assert model.training and model[1].training and not model[4]._forward_hooks
    assert torch.equal(torch.get_rng_state(), generator)
    assert model(found.image[None].expand(2, -1, -1, -1)).argmax(1).tolist() == [7, 7]


def test_the_first_filters_of_a_trained_network_are_smooth_and_oriented():
    """Noise before; afterwards neighbouring weights agree, along one direction most."""
    data = mnist(device="cpu")
    torch.manual_seed(0)
    model = nn.Sequential(
        *(nn.Conv2d(1, 16, 7, 2, 3), nn.ReLU(), nn.Conv2d(16, 32, 3, 2, 1), nn.ReLU()),
        *(nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(32, 10)),
    )
    before = first_layer_filters(model)
    optimizer = torch.optim.SGD(
        model.parameters(), lr=0.1, momentum=0.9, weight_decay=0.03
    )
    batches = minibatches(data.train.x, data.train.y, batch_size=64)
    for x, y in (next(batches) for _ in range(400)):
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
    filters = first_layer_filters(model)
    assert filters.shape == (16, 1, 7, 7)
    assert torch.allclose(filters.abs().amax((1, 2, 3)), torch.ones(16))

    def smoothness(w):
        """Mean correlation of neighbours, -1 to 1."""
        w = w[:, 0]
        pairs = (w[:, 1:] * w[:, :-1]).sum((1, 2)) + (w[:, :, 1:] * w[:, :, :-1]).sum(
            (1, 2)
        )
        return (pairs / (2 * w.square().sum((1, 2)))).mean()

    def orientation(w):
        """Coherence of the slopes, 0 (no direction) to 1 (a single one)."""
        w = w[:, 0]
        dy, dx = w[:, 1:, :-1] - w[:, :-1, :-1], w[:, :-1, 1:] - w[:, :-1, :-1]
        yy, xx, xy = ((a * b).sum((1, 2)) for a, b in ((dy, dy), (dx, dx), (dx, dy)))
        return (((xx - yy) ** 2 + 4 * xy**2).sqrt() / (xx + yy)).mean()

    assert smoothness(filters) > 0.4 > smoothness(before) + 0.2
    assert orientation(filters) > orientation(before) + 0.05


def test_a_filter_of_zeros_stays_zero():
    conv = nn.Conv2d(1, 2, 3)
    conv.weight.data[0] = 0
    assert first_layer_filters(conv).isfinite().all()


CONV = nn.Conv2d(1, 2, 3)


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((CONV, CONV, 2), {}, "channel is 2; the layer has 2: 0 to 1"),
        ((CONV, nn.ReLU(), 0), {}, "ReLU is not a module of the model"),
        ((CONV, CONV, 0), {"lr": 0.0}, "lr is 0.0"),
        ((CONV, CONV, 0), {"norm": -1.0}, "norm is -1.0"),
        ((CONV, CONV, 0), {"steps": -1}, "steps is -1"),
        ((nn.Threshold(9.0, 0.0),) * 2 + (0,), {}, "has no slope"),
    ],
)
def test_bad_arguments_are_named(arguments, options, message):
    with pytest.raises(ValueError, match=message):
        activation_maximisation(*arguments, input_shape=(1, 4, 4), **options)


def test_a_layer_that_is_never_called_and_a_model_without_filters():
    class Lazy(nn.Module):
        def __init__(self):
            super().__init__()
            self.unused = nn.ReLU()

        def forward(self, x):
            return x

    model = Lazy()
    with pytest.raises(ValueError, match="never calls the layer ReLU"):
        activation_maximisation(model, model.unused, 0, input_shape=(1, 2, 2))
    assert not model.unused._forward_hooks and model.training
    with pytest.raises(ValueError, match="Lazy has no Conv2d"):
        first_layer_filters(model)
