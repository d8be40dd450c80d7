"""Every rule against its counterpart in ``torch.optim`` or ``pytorch_optimizer``."""

import io

import pytest
import pytorch_optimizer
import torch
from torch.optim.lr_scheduler import LambdaLR

from ift6135_lib import optim
from ift6135_lib.optim import compiled

# name: (ours, theirs, arguments, arguments of theirs alone, those of a second group)
RULES = {
    "SGD": (optim.SGD, torch.optim.SGD, {"lr": 0.1}, {}, {"lr": 0.05}),
    "Momentum": (
        optim.Momentum,
        torch.optim.SGD,
        {"lr": 0.02, "momentum": 0.9},
        {},
        {"momentum": 0.5},
    ),
    "Momentum, dampened": (
        optim.Momentum,
        torch.optim.SGD,
        {"lr": 0.1, "momentum": 0.9, "dampening": 0.7},
        {},
        {"dampening": 0.1},
    ),
    "Nesterov": (
        optim.Nesterov,
        torch.optim.SGD,
        {"lr": 0.02, "momentum": 0.9},
        {"nesterov": True},
        {"momentum": 0.5},
    ),
    "Adagrad": (optim.Adagrad, torch.optim.Adagrad, {}, {}, {"lr": 0.1}),
    "Adagrad, all arguments": (
        optim.Adagrad,
        torch.optim.Adagrad,
        {"lr": 0.1, "lr_decay": 0.01, "initial_accumulator_value": 0.2, "eps": 1e-3},
        {},
        {"lr_decay": 0.1},
    ),
    "RMSprop": (optim.RMSprop, torch.optim.RMSprop, {}, {}, {"alpha": 0.9}),
    "RMSprop, centred": (
        optim.RMSprop,
        torch.optim.RMSprop,
        {"centered": True, "eps": 1e-4},
        {},
        {"lr": 1e-3},
    ),
    "RMSprop, momentum": (
        optim.RMSprop,
        torch.optim.RMSprop,
        {"momentum": 0.9, "lr": 1e-3},
        {},
        {"momentum": 0.0},
    ),
    "RMSprop, centred with momentum": (
        optim.RMSprop,
        torch.optim.RMSprop,
        {"momentum": 0.9, "centered": True, "lr": 1e-3, "eps": 1e-4},
        {},
        {"alpha": 0.9},
    ),
    "Adadelta": (optim.Adadelta, torch.optim.Adadelta, {}, {}, {"rho": 0.5}),
    "Adam": (optim.Adam, torch.optim.Adam, {}, {}, {"betas": (0.5, 0.9)}),
    "Adam, all arguments": (
        optim.Adam,
        torch.optim.Adam,
        {"lr": 0.01, "betas": (0.0, 0.99), "eps": 1e-4},
        {},
        {"eps": 1e-2},
    ),
    "AdamW": (optim.AdamW, torch.optim.AdamW, {}, {}, {"lr": 0.01}),
    "AMSGrad": (
        optim.AMSGrad,
        torch.optim.Adam,
        {},
        {"amsgrad": True},
        {"betas": (0.5, 0.9)},
    ),
    "AdaBound": (
        optim.AdaBound,
        pytorch_optimizer.AdaBound,
        {"gamma": 0.02},
        {"weight_decouple": False},
        {"final_lr": 0.01},
    ),
}


class Run:
    """A 3-layer network, an optimizer with two groups, and a schedule."""

    def __init__(self, rule, arguments, second):
        torch.manual_seed(1)
        self.net = torch.nn.Sequential(
            torch.nn.Linear(6, 10),
            torch.nn.Tanh(),
            torch.nn.Linear(10, 10),
            torch.nn.Tanh(),
            torch.nn.Linear(10, 2),
        ).double()
        self.x = torch.randn(32, 6).double()
        self.y = torch.randn(32, 2).double()
        self.start = [p.detach().clone() for p in self.net.parameters()]
        self.optimize(rule, arguments, second)

    def optimize(self, rule, arguments, second):
        named = dict(self.net.named_parameters())
        biases = [p for name, p in named.items() if name.endswith("bias")]
        weights = [p for name, p in named.items() if name.endswith("weight")]
        groups = [{"params": weights}, {"params": biases, **second}]
        self.optimizer = rule(groups, **arguments)
        self.scheduler = LambdaLR(self.optimizer, lambda t: 0.98 ** (t // 3))

    def steps(self, n):
        for _ in range(n):
            self.optimizer.zero_grad()
            loss = (self.net(self.x) - self.y).square().mean()
            loss.backward()
            self.optimizer.step()
            self.scheduler.step()
        return self

    def reload(self, rule):
        """Save, build anew with other hyper-parameters, and load."""
        saved = io.BytesIO()
        states = [self.optimizer.state_dict(), self.scheduler.state_dict()]
        torch.save(states, saved)
        self.optimize(rule, {"lr": 0.7}, {"lr": 0.8})
        saved.seek(0)
        for x, state in zip(
            [self.optimizer, self.scheduler], torch.load(saved), strict=True
        ):
            x.load_state_dict(state)
        return self

    @property
    def values(self):
        return [p.detach() for p in self.net.parameters()]


def distance(xs, ys):
    return max((x - y).abs().max().item() for x, y in zip(xs, ys, strict=True))


@pytest.mark.parametrize("rule", RULES)
def test_same_iterates(rule):
    ours, theirs, arguments, extra, second = RULES[rule]
    decay = {"weight_decay": 0.03}
    a = Run(ours, {**arguments, **decay}, second).steps(100).reload(ours).steps(100)
    b = Run(theirs, {**arguments, **decay, **extra}, second).steps(200)
    # pytorch_optimizer adds 1e-15 inside the root
    tolerance = 1e-7 if theirs is pytorch_optimizer.AdaBound else 1e-10
    assert distance(a.values, b.values) <= tolerance
    assert distance(a.values, a.start) > 0.05  # it went somewhere


@pytest.mark.parametrize("rule", RULES)
def test_same_defaults(rule):
    ours, theirs, _, extra, _ = RULES[rule]
    required = {"momentum": 0.9} if theirs is torch.optim.SGD else {}
    if ours is optim.SGD:
        required = {}
    a = Run(ours, required, {}).steps(30)
    b = Run(theirs, {**required, **extra}, {}).steps(30)
    tolerance = 1e-7 if theirs is pytorch_optimizer.AdaBound else 1e-10
    assert distance(a.values, b.values) <= tolerance


@pytest.mark.parametrize("rule", ["Momentum", "Nesterov", "RMSprop", "Adam", "AMSGrad"])
def test_maximize(rule):
    ours, theirs, arguments, extra, second = RULES[rule]
    climb = {"maximize": True, "weight_decay": 0.03}
    a = Run(ours, {**arguments, **climb}, second).steps(20)
    b = Run(theirs, {**arguments, **climb, **extra}, second).steps(20)
    assert distance(a.values, b.values) <= 1e-10


@pytest.mark.parametrize("rule", RULES)
def test_resumes_bit_for_bit(rule):
    ours, _, arguments, _, second = RULES[rule]
    whole = Run(ours, arguments, second).steps(40)
    halves = Run(ours, arguments, second).steps(20).reload(ours).steps(20)
    assert distance(whole.values, halves.values) == 0


@pytest.mark.parametrize("rule", RULES)
def test_step_is_the_update(rule):
    """The step, recorded and run in place, is the ``update`` that the reader sees."""
    ours, _, arguments, _, _ = RULES[rule]
    p = torch.nn.Parameter(torch.randn(7).double())
    optimizer = ours([p], **arguments)
    group = optimizer.param_groups[0]
    names = ours.states
    θ = p.detach().clone()
    used = optimizer.remembered(group)
    state = [optimizer.initial(s, θ, group) if s in used else None for s in names]
    for t in range(1, 6):
        g = torch.randn(7).double()
        old = (θ, g, *state)
        before = [None if x is None else x.clone() for x in old]
        numbers = optimizer.hyperparameters(group, t)
        θ, *state = ours.update(θ, g, *state, **numbers)
        for x, y in zip(old, before, strict=True):  # pure: nothing was overwritten
            assert y is None or torch.equal(x, y)
        p.grad = g
        optimizer.step()
        assert torch.equal(p.grad, before[1])
        torch.testing.assert_close(p.detach(), θ, rtol=0, atol=1e-13)
    for name, value in zip(names, state, strict=True):
        if value is not None:
            torch.testing.assert_close(optimizer.state[p][name], value)


def test_adabound_decays_weights_as_its_authors_do():
    """That is, as an L2 penalty; ``pytorch_optimizer`` decouples by default."""
    ours, theirs, arguments, _, _ = RULES["AdaBound"]
    decay = {**arguments, "weight_decay": 0.1}
    a = Run(ours, decay, {}).steps(50).values
    coupled = Run(theirs, {**decay, "weight_decouple": False}, {}).steps(50).values
    decoupled = Run(theirs, decay, {}).steps(50).values
    assert distance(a, coupled) <= 1e-7 < 1e-3 < distance(a, decoupled)


@pytest.mark.parametrize("rule", RULES)
def test_compiled_updates_are_the_same(rule, monkeypatch):
    """Traced and functionalised as for a real kernel, which a compiler then builds."""
    ours, _, arguments, _, second = RULES[rule]
    monkeypatch.setattr(compiled, "SMALL", 10)  # the last bias stays uncompiled
    decay = {**arguments, "weight_decay": 0.03}
    second = {**second, "weight_decay": 0.0}  # another formula
    plain = Run(ours, decay, second).steps(12)
    fused = Run(ours, decay, second)
    fused.optimizer.compile(backend="aot_eager")
    fused.steps(12)
    assert distance(plain.values, fused.values) <= 1e-12
    # the steps differ in their numbers alone: no more than a kernel for each group
    assert 1 <= len(fused.optimizer._kernels.kernels) <= 2


def test_formulas_with_other_functions_are_left_uncompiled():
    class Lion(optim.Momentum):
        @staticmethod
        def update(θ, g, v, *, t, η, ρ, τ):
            step = torch.sign(0.9 * v + 0.1 * g)
            return θ - η * step, ρ * v + (1 - ρ) * g

    runs = [Run(Lion, {"lr": 0.01}, {}) for _ in range(2)]
    runs[1].optimizer.compile(backend="aot_eager")
    plain, other = (run.steps(5).values for run in runs)
    assert distance(plain, other) == 0
    assert not runs[1].optimizer._kernels.kernels
