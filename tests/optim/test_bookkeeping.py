"""Groups, state, errors, devices, dtypes and layouts: the same for every rule."""

import copy
import math

import pytest
import torch
from torch.profiler import ProfilerActivity, profile

from ift6135_lib import optim
from ift6135_lib.optim import base

RULES = [
    optim.SGD,
    optim.Momentum,
    optim.Nesterov,
    optim.Adagrad,
    optim.RMSprop,
    optim.Adadelta,
    optim.Adam,
    optim.AdamW,
    optim.AMSGrad,
    optim.AdaBound,
]
every_rule = pytest.mark.parametrize("rule", RULES)
SHAPES = [(), (5,), (0,), (4, 7), (33,), (3, 2, 5, 5), (1,)]


def parameters(dtype=torch.float64, device="cpu", shapes=SHAPES):
    torch.manual_seed(0)
    return [
        torch.nn.Parameter(torch.randn(s).to(device=device, dtype=dtype))
        for s in shapes
    ]


def steps(optimizer, n=4):
    """Take n steps on gradients that depend on the parameters and the step."""
    for t in range(n):
        for group in optimizer.param_groups:
            for p in group["params"]:
                p.grad = torch.sin(3 * p.detach() + t)
        optimizer.step()
    return [p.detach() for group in optimizer.param_groups for p in group["params"]]


def assert_equal(xs, ys):
    for x, y in zip(xs, ys, strict=True):
        assert torch.equal(x, y)


# ------------------------------------------------------------------ cut, packed, laid


@every_rule
@pytest.mark.parametrize("numbers", [1, 7, 16, 50])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_pieces_change_nothing(rule, numbers, dtype, monkeypatch):
    whole = steps(rule(parameters(dtype), lr=0.1))
    for name in ("BYTES", "CPU_BYTES", "CPU_STREAM_BYTES"):
        monkeypatch.setattr(base, name, numbers * dtype.itemsize)
    assert_equal(steps(rule(parameters(dtype), lr=0.1)), whole)


@every_rule
@pytest.mark.parametrize("numbers", [8, 10**6])
def test_memory_layout_changes_nothing(rule, numbers, monkeypatch):
    monkeypatch.setattr(base, "CPU_BYTES", numbers * 8)
    monkeypatch.setattr(base, "CPU_STREAM_BYTES", numbers * 8)
    plain = parameters(shapes=[(3, 4, 5, 6), (9, 8), (6, 4)])
    image, matrix, sliced = (p.detach().clone() for p in plain)
    laid = [
        image.to(memory_format=torch.channels_last),
        matrix.t().contiguous().t(),
        torch.zeros(6, 7).double()[:, :4].copy_(sliced),  # its memory has gaps
    ]
    laid = [torch.nn.Parameter(p) for p in laid]
    assert not any(p.is_contiguous() for p in laid)
    optimizers = rule(plain, lr=0.1), rule(laid, lr=0.1)
    for t in range(4):
        for p, q in zip(plain, laid, strict=True):
            p.grad = torch.sin(3 * p.detach() + t)
            q.grad = p.grad.clone(memory_format=torch.contiguous_format)
        for optimizer in optimizers:
            optimizer.step()
    for p, q in zip(plain, laid, strict=True):
        torch.testing.assert_close(p, q, rtol=1e-13, atol=1e-15)


@every_rule
def test_gradients_are_left_as_they_are(rule):
    ps = parameters()
    optimizer = rule(ps, weight_decay=0.1, maximize=True)
    for _ in range(3):
        gradients = [torch.randn_like(p) for p in ps]
        for p, g in zip(ps, gradients, strict=True):
            p.grad = g.clone()
        optimizer.step()
        assert_equal([p.grad for p in ps], gradients)


@every_rule
def test_meta_device(rule):
    ps = parameters(device="meta")
    optimizer = rule(ps, weight_decay=0.1)
    values = steps(optimizer)
    tensors = [x for s in optimizer.state.values() for x in s.values()]
    tensors = [x for x in tensors if isinstance(x, torch.Tensor)] + values
    assert {x.device.type for x in tensors} == {"meta"}
    assert len(tensors) == (
        1 + len(optimizer.remembered(optimizer.param_groups[0]))
    ) * (len(SHAPES))


@every_rule
def test_several_dtypes_in_one_optimizer(rule):
    adam = (optim.Adam, optim.AdamW, optim.AMSGrad, optim.AdaBound)
    # the default, 1e-8, is zero in float16, as with torch.optim
    arguments = {"eps": 1e-3} if rule in (*adam, optim.RMSprop) else {}
    dtypes = [torch.float16, torch.bfloat16, torch.float32, torch.float64]
    mixed = [parameters(dtype, shapes=[(6,)])[0] for dtype in dtypes]
    together = steps(rule(mixed, lr=0.01, **arguments))
    for dtype, value in zip(dtypes, together, strict=True):
        alone = steps(rule(parameters(dtype, shapes=[(6,)]), lr=0.01, **arguments))
        assert_equal(alone, [value])
        assert value.dtype == dtype
        tolerance = 40 * torch.finfo(dtype).eps
        torch.testing.assert_close(
            value.double(), together[-1], rtol=tolerance, atol=tolerance
        )


# --------------------------------------------------------------------- state, groups


@every_rule
def test_state_has_the_names_of_the_paper(rule):
    (p,) = parameters(shapes=[(3,)])
    optimizer = rule([p])
    steps(optimizer, 3)
    remembered = optimizer.remembered(optimizer.param_groups[0])
    assert set(optimizer.state[p]) == {"step", *remembered}
    assert optimizer.state[p]["step"] == 3


@every_rule
def test_parameters_without_gradient_are_skipped(rule):
    p, q = parameters(shapes=[(3,), (3,)])
    optimizer = rule([p, q], weight_decay=0.1)
    before = q.detach().clone()
    p.grad = torch.ones_like(p)
    optimizer.step()
    assert torch.equal(q, before) and q not in optimizer.state
    q.grad = torch.ones_like(q)  # its own first step, while p takes its second
    optimizer.step()
    (reference,) = parameters(shapes=[(3,)])
    reference.data.copy_(before)
    reference.grad = torch.ones_like(q)
    rule([reference], weight_decay=0.1).step()
    assert torch.equal(q, reference)
    assert [optimizer.state[x]["step"] for x in (p, q)] == [2, 1]


@every_rule
def test_tied_weights_are_updated_once(rule):
    torch.manual_seed(0)
    embedding = torch.nn.Embedding(5, 3).double()
    head = torch.nn.Linear(3, 5, bias=False).double()
    head.weight = embedding.weight
    model = torch.nn.Sequential(embedding, head)
    optimizer = rule(model.parameters(), lr=0.1)
    alone = torch.nn.Parameter(embedding.weight.detach().clone())
    model(torch.tensor([0, 2])).square().sum().backward()
    alone.grad = embedding.weight.grad.clone()
    optimizer.step()
    rule([alone], lr=0.1).step()
    assert torch.equal(embedding.weight, alone)


@every_rule
def test_copies_and_pickles(rule):
    optimizer = rule(parameters())
    steps(optimizer)
    twin = copy.deepcopy(optimizer)
    assert_equal(steps(twin), steps(optimizer))


def test_state_follows_the_dtype_of_the_parameters_when_loaded():
    source = optim.Adam(parameters(torch.float32))
    steps(source)
    target = optim.Adam(parameters(torch.bfloat16))
    target.load_state_dict(source.state_dict())
    state = target.state[target.param_groups[0]["params"][1]]
    assert state["m"].dtype == state["v"].dtype == torch.bfloat16
    assert state["step"] == 4
    assert all(p.isfinite().all() for p in steps(target))


def test_groups_keep_their_own_hyperparameters():
    p, q, r = parameters(shapes=[(3,), (3,), (3,)])
    before = [x.detach().clone() for x in (p, q, r)]
    optimizer = optim.SGD([{"params": [p]}, {"params": q, "lr": 0.5}], lr=0.1)
    optimizer.add_param_group({"params": [r], "lr": 2.0})
    for x in (p, q, r):
        x.grad = torch.ones_like(x)
    optimizer.step()
    for x, y, η in zip((p, q, r), before, (0.1, 0.5, 2.0), strict=True):
        torch.testing.assert_close(x.detach(), y - η)


def test_learning_rate_may_be_a_tensor():
    (p,) = parameters(shapes=[(3,)])
    (q,) = parameters(shapes=[(3,)])
    a = optim.AdaBound([p], lr=torch.tensor(0.25, dtype=torch.float64), gamma=1.0)
    b = optim.AdaBound([q], lr=0.25, gamma=1.0)
    for optimizer in (a, b):
        scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 1)
        steps(optimizer)
        scheduler.step()
        steps(optimizer)
    torch.testing.assert_close(p, q, rtol=1e-12, atol=0)


def test_closure():
    (p,) = parameters(shapes=[(3,)])
    optimizer = optim.SGD([p], lr=0.25)
    start = p.detach().clone()

    def closure():
        optimizer.zero_grad()
        loss = p.square().sum()
        loss.backward()
        return loss

    assert optimizer.step(closure).item() == pytest.approx(start.square().sum().item())
    torch.testing.assert_close(p.detach(), start / 2)
    assert p.requires_grad and p.is_leaf


def test_hooks_and_profiler():
    optimizer = optim.Adam(parameters())
    calls = []
    optimizer.register_step_pre_hook(lambda *_: calls.append("before"))
    optimizer.register_step_post_hook(lambda *_: calls.append("after"))
    with profile(activities=[ProfilerActivity.CPU]) as profiler:
        steps(optimizer, 1)
    assert calls == ["before", "after"]
    assert "Optimizer.step#Adam.step" in {e.key for e in profiler.key_averages()}


# ---------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("rule", "name", "value", "range_"),
    [
        *((rule, "lr", -0.1, "[0, ∞)") for rule in RULES),
        *((rule, "weight_decay", -1, "[0, ∞)") for rule in RULES),
        (optim.SGD, "lr", math.nan, "[0, ∞)"),
        (optim.SGD, "lr", math.inf, "[0, ∞)"),
        (optim.SGD, "lr", "fast", "[0, ∞)"),
        (optim.Momentum, "momentum", 1.5, "[0, 1]"),
        (optim.Momentum, "dampening", -0.5, "[0, 1]"),
        (optim.Nesterov, "momentum", -0.1, "[0, 1]"),
        (optim.Adagrad, "lr_decay", -0.1, "[0, ∞)"),
        (optim.Adagrad, "initial_accumulator_value", -1.0, "[0, ∞)"),
        (optim.Adagrad, "eps", -1e-8, "[0, ∞)"),
        (optim.RMSprop, "alpha", 1.1, "[0, 1]"),
        (optim.RMSprop, "momentum", -0.1, "[0, 1]"),
        (optim.Adadelta, "rho", -0.1, "[0, 1]"),
        (optim.Adam, "betas", (0.9, 1.0), "[0, 1)"),
        (optim.Adam, "betas", (-0.1, 0.9), "[0, 1)"),
        (optim.Adam, "betas", 0.9, "[0, 1)"),
        (optim.Adam, "betas", (0.9, 0.99, 0.999), "[0, 1)"),
        (optim.AdamW, "eps", -1.0, "[0, ∞)"),
        (optim.AMSGrad, "betas", (1.0, 0.9), "[0, 1)"),
        (optim.AdaBound, "final_lr", -0.1, "[0, ∞)"),
        (optim.AdaBound, "gamma", -1e-3, "[0, ∞)"),
    ],
)
def test_arguments_out_of_range(rule, name, value, range_):
    (p, q) = parameters(shapes=[(3,), (3,)])
    for make in (
        lambda: rule([p], **{name: value}),
        lambda: rule([{"params": [p], name: value}]),
        lambda: rule([p]).add_param_group({"params": [q], name: value}),
    ):
        with pytest.raises(ValueError) as error:
            make()
        for text in (name, repr(value), range_):
            assert text in str(error.value)


def frozen():
    return [torch.nn.Parameter(torch.zeros(2, 3), requires_grad=False)]


def twice():
    return 2 * parameters(shapes=[(2,)])


def in_two_groups():
    p = parameters(shapes=[(2,)])
    return [{"params": p}, {"params": p}]


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (list, "params must hold at least one parameter"),
        (lambda: iter(()), "params must hold at least one parameter"),
        (frozen, r"params\[0\], of shape \(2, 3\), .* requires_grad=False"),
        (twice, r"params\[1\], of shape \(2,\), is given twice"),
        (in_two_groups, r"params\[0\], of shape \(2,\), is given twice"),
        (
            lambda: [torch.nn.Parameter(torch.zeros(1, dtype=torch.complex64))],
            r"params\[0\], .* real floating point, got torch.complex64",
        ),
        (
            lambda: [torch.zeros(1, dtype=torch.int64)],
            r"params\[0\], .* real floating point, got torch.int64",
        ),
    ],
)
def test_parameters_refused(params, message):
    with pytest.raises(ValueError, match=message):
        optim.Adam(params())


def test_sparse_gradients_refused():
    embedding = torch.nn.Embedding(4, 2, sparse=True)
    p = torch.nn.Parameter(torch.zeros(1))
    p.grad = torch.ones(1)
    optimizer = optim.Adam([p, embedding.weight])
    embedding(torch.tensor([1])).sum().backward()
    message = r"params\[1\], of shape \(4, 2\), must be dense, got torch.sparse_coo"
    with pytest.raises(ValueError, match=message):
        optimizer.step()
    assert p == 0 and not optimizer.state  # nothing was done by halves
