"""Recorded formulas against their plain evaluation on tensors."""

import random

import pytest
import torch

from ift6135_lib import optim
from ift6135_lib.optim.expression import Node, Symbol
from ift6135_lib.optim.program import Program
from ift6135_lib.optim.tiles import tiles


def run(formula, tensors, replaced):
    """Return the tensors after the program of ``formula`` has run on them."""
    inputs = [Node("input") for _ in tensors]
    values = formula(*(Symbol(node) for node in inputs))
    program = Program(inputs, dict(zip(replaced, values, strict=True)))
    lists = [[x.clone()] for x in tensors]
    program.run(lists)
    return [x for (x,) in lists], program


def random_formula(generator, depth=9):
    """Return a function of four positive values that gives three, each used again."""
    plan = [
        (
            generator.choice(["+", "-", "*", "/", "lerp", "root", "max", "clip", "c"]),
            generator.random(),
            generator.random(),
            generator.uniform(0.1, 2),
        )
        for _ in range(depth)
    ]
    chosen = [generator.random() for _ in range(3)]

    def formula(*inputs):
        values = list(inputs)
        for op, i, j, c in plan:
            # mostly recent values, sometimes old ones
            x = values[int(i**0.5 * len(values))]
            y = values[int(j * len(values))]
            match op:
                case "+":
                    z = c * x + y
                case "-":
                    z = x - c * y
                case "*":
                    z = x * y / c
                case "/":
                    z = x / (y * y + c)
                case "lerp":
                    z = 0.75 * x + 0.25 * y
                case "root":
                    z = torch.sqrt(x * x + c)
                case "max":
                    z = torch.maximum(c * x, c * y)
                case "clip":
                    z = torch.clip(x, -c, c)
                case "c":
                    z = c - 1 / (x**2 + 1)
            values.append(z)
        return tuple(values[int(k**0.5 * len(values))] for k in chosen)

    return formula


@pytest.mark.parametrize("seed", range(150))
def test_random_formulas(seed):
    formula = random_formula(random.Random(seed))
    tensors = list(torch.rand(4, 6).double() + 0.1)
    expected = formula(*tensors)
    results, _ = run(formula, tensors, replaced=[0, 2, 3])
    for result, value in zip([results[i] for i in (0, 2, 3)], expected, strict=True):
        torch.testing.assert_close(result, value, rtol=1e-11, atol=1e-11)
    assert torch.equal(results[1], tensors[1])  # no formula replaces this one


@pytest.mark.parametrize(
    "formula",
    [
        lambda a, b: (b, a),  # exchanged
        lambda a, b: (a, a),
        lambda a, b: (a + b, a),  # the old value is kept
        lambda a, b: (b - a, a * b),
        lambda a, b: (2 * a + a * a, 3 * b),  # a is read twice by one sum
        lambda a, b: (0.0 * a + b, a + 0.0 * b),
        lambda a, b: (a + a, a - 2 * b + b),
        lambda a, b: (-a + 1, 1 - b),
        lambda a, b: (1e-9 * a + 1, 2 / b),
        lambda a, b: (torch.sqrt(4 * a), torch.sqrt(0.0 * a) + b),
        lambda a, b: (torch.maximum(2 * a, 3 * b), torch.maximum(-a, -b)),
        lambda a, b: (torch.sign(a - b), torch.where(torch.gt(a, b), a, 2 * b)),
        lambda a, b: (a**3, torch.clip(-2 * b, -1.0, float("inf"))),
        lambda a, b: (a / (2 * b), (a * b) / (a / b)),
    ],
)
def test_awkward_formulas(formula):
    tensors = [torch.tensor([0.5, 2.0, 1.0]), torch.tensor([3.0, 0.25, 1.0])]
    results, _ = run(formula, tensors, replaced=[0, 1])
    for result, value in zip(results, formula(*tensors), strict=True):
        torch.testing.assert_close(result, value)


@pytest.mark.parametrize(
    ("rule", "operations"),
    [
        (optim.SGD, ["add_"]),
        (optim.Momentum, ["mul_", "add_", "add_"]),
        (optim.Nesterov, ["mul_", "add_", "add", "add_"]),
        (optim.Adagrad, ["addcmul_", "sqrt", "add_", "addcdiv_"]),
        (optim.RMSprop, ["mul_", "addcmul_", "sqrt", "add_", "addcdiv_"]),
        (optim.Adam, ["lerp_", "mul_", "addcmul_", "sqrt", "add_", "addcdiv_"]),
    ],
)
def test_no_more_operations_than_by_hand(rule, operations, monkeypatch):
    programs = []
    run_program = Program.run

    def record(self, lists):
        programs.append(sorted(self.names))
        run_program(self, lists)

    monkeypatch.setattr(Program, "run", record)
    p = torch.nn.Parameter(torch.zeros(3))
    optimizer = rule([p], weight_decay=0)
    for _ in range(2):
        p.grad = torch.ones(3)
        optimizer.step()
    assert programs[-1] == sorted(operations)


def test_what_cannot_be_recorded_is_refused():
    x = Symbol(Node("input"))
    with pytest.raises(TypeError, match=r"torch\.where"):
        bool(x)
    with pytest.raises(TypeError, match="maximum by position"):
        torch.maximum(x, other=x)


@pytest.mark.parametrize("size", [1, 3, 8, 100])
def test_tiles_cover_every_element_once(size):
    shapes = [(2, 3), (7,), (), (0,), (1, 1), (4, 5)]
    rows = [(torch.zeros(s), torch.ones(s), torch.zeros(s)) for s in shapes]
    for θs, gs, ms in tiles(rows, size):
        assert len(θs) == len(gs) == len(ms)
        assert sum(θ.numel() for θ in θs) <= size
        for θ, g, m in zip(θs, gs, ms, strict=True):
            θ += g
            m += 2 * g
    for θ, g, m in rows:
        assert torch.equal(θ, g) and torch.equal(m, 2 * g)


def test_small_tensors_share_a_list():
    rows = [(torch.zeros(4), torch.ones(4)) for _ in range(10)]
    assert [len(θs) for θs, _ in tiles(rows, 12)] == [3, 3, 3, 1]


def test_permuted_tensors_are_cut_and_tensors_with_gaps_are_not():
    image = torch.zeros(2, 3, 4, 5).to(memory_format=torch.channels_last)
    gaps = torch.zeros(6, 7)[:, :4]
    for x, pieces in ((image, 12), (image.transpose(0, 2), 12), (gaps, 1)):
        g = torch.rand(x.shape)
        cut = list(tiles([(x, g)], 10))
        assert len(cut) == pieces
        for (θ,), (piece,) in cut:
            θ.copy_(piece)
        assert torch.equal(x, g)
