"""Fuses recorded formulas into one kernel each, with ``torch.compile``."""

from operator import getitem

import torch

from .tiles import flat

SMALL = 2**17  # elements; smaller tensors take fewer calls in lists


def _sum(x, y, a, b):
    return a * x + b * y


OPERATIONS = {
    "add": torch.add,
    "clamp_max": torch.minimum,
    "clamp_min": torch.maximum,
    "div": torch.div,
    "maximum": torch.maximum,
    "mul": torch.mul,
    "reciprocal": torch.reciprocal,
    "sqrt": torch.sqrt,
    "sum": _sum,
}


class Kernels:
    """Compiled formulas; those that differ in nothing but numbers share a kernel.

    Args:
        options: Arguments of ``torch.compile``.
    """

    def __init__(self, options):
        self.options = {"dynamic": True, "fullgraph": True, **options}
        self.kernels = {}  # by the structure of the formulas

    def run(self, program, rows):
        """Run a program on the rows that are large enough; return the others.

        Args:
            program: A :class:`Program`.
            rows: Tuples (parameter, gradient, *state) of tensors of equal shape.

        Returns:
            The rows that are left to do: small ones, those whose memory has gaps, and
            all of them if the formula calls functions unknown to ``OPERATIONS``.
        """
        position = {node: i for i, node in enumerate(program.order)}
        steps = [
            (node.op, [position[x] for x in node.reads], len(node.numbers))
            for node in program.order
        ]
        if any(op not in {"input", *OPERATIONS} for op, *_ in steps):
            return rows
        results = [(i, position[node]) for node, i in program.home.items()]
        structure = repr((steps, results))
        if structure not in self.kernels:
            inputs = [position[node] for node in program.inputs]
            module = _module(steps, inputs, results)
            self.kernels[structure] = torch.compile(module, **self.options)
        kernel = self.kernels[structure]
        numbers = [number for node in program.order for number in node.numbers]

        left = []
        for row in rows:
            pieces = flat(row) if row[0].numel() >= SMALL else None
            if pieces is None:
                left.append(row)
                continue
            θ = row[0]
            wide = torch.float64 if θ.dtype == torch.float64 else torch.float32
            kernel(torch.tensor(numbers, dtype=wide, device=θ.device), *pieces)
        return left


def _module(steps, inputs, results):
    """Return a module that takes numbers and tensors, and overwrites the tensors.

    Args:
        steps: (operation, positions of its operands, how many numbers it takes).
        inputs: Positions of the steps that stand for the tensors.
        results: (which tensor to overwrite, position of its new value).
    """
    graph = torch.fx.Graph()
    numbers = graph.placeholder("numbers")
    tensors = [graph.placeholder(f"x{i}") for i in inputs]
    values = dict(zip(inputs, tensors, strict=True))
    used = 0
    for i, (op, operands, count) in enumerate(steps):
        if op != "input":
            terms = [values[j] for j in operands]
            for k in range(used, used + count):
                terms.append(graph.call_function(getitem, (numbers, k)))
            values[i] = graph.call_function(OPERATIONS[op], tuple(terms))
            used += count
    for i, j in results:
        graph.call_method("copy_", (tensors[i], values[j]))
    graph.output(None)
    return torch.fx.GraphModule(torch.nn.Module(), graph)
