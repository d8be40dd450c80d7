"""Turns recorded formulas into a list of operations, and runs it on lists of tensors.

Each operation is one ``torch._foreach_*`` call.  It works in place as soon as the value
it reads first is not needed any more, so that formulas written out of place cost what
they would cost if written by hand with ``mul_``, ``addcmul_``, …
"""

from collections import Counter

import torch

from .expression import Node

FUSED = {"mul": "addcmul", "div": "addcdiv"}  # computed together with a sum
COMMUTATIVE = {"mul", "maximum"}


class Program:
    """The operations that compute formulas and write them over some of their inputs.

    Args:
        inputs: Nodes of op "input".
        results: Formulas, as symbols, by the position of the input each one replaces.

    Example:
        >>> from .expression import Symbol
        >>> θ, g = Node("input"), Node("input")
        >>> program = Program([θ, g], {0: Symbol(θ) - 0.5 * Symbol(g)})
        >>> tensors = [[torch.tensor([3.0])], [torch.tensor([2.0])]]
        >>> program.run(tensors)
        >>> tensors[0]
        [tensor([2.])]
        >>> program.names
        ['add_']
    """

    def __init__(self, inputs, results):
        self.names = []  # of the operations, in order
        self._operations = []  # (function, operands, numbers, keywords, target)
        self.inputs = inputs
        self._width = len(inputs)  # number of registers, the inputs first
        self._register = {node: i for i, node in enumerate(inputs)}
        self.home = {}  # node -> the register of the input that it replaces
        for i, result in results.items():
            node = result.plain()
            if node in self.home or (node.op == "input" and node is not inputs[i]):
                node = Node("mul", (node,), (1.0,))  # a copy
            self.home[node] = i

        self.order = _ordered([*inputs, *self.home])
        self._fused = _fused(self.order, self.home)
        later = {*inputs, *self._fused.values()}
        order = [node for node in self.order if node not in later]
        self._last = {x: node for node in order for x in self._reads(node)}
        self._last |= dict.fromkeys(self.home)  # kept to the end
        for node in order:
            compute = self._sum if node.op == "sum" else self._simple
            self._register[node] = compute(node)
        for node, i in self.home.items():
            if self._register[node] != i:
                self._emit("copy", [i, self._register[node]], in_place=True)

    def run(self, lists):
        """Compute the formulas, and write them over the inputs they replace.

        Args:
            lists: One list of tensors for each input, all of the same length; tensors
                at the same place have equal shapes.
        """
        registers = [*lists, *[None] * (self._width - len(lists))]
        for function, operands, numbers, keywords, target in self._operations:
            value = function(*[registers[i] for i in operands], *numbers, **keywords)
            if target is not None:
                registers[target] = value

    @property
    def temporaries(self):
        """Number of values that are not written over an input."""
        return self._width - len(self.inputs)

    def _reads(self, node):
        """Return the operands of ``node``, those of what is fused with it included."""
        if node not in self._fused:
            return node.reads
        fused = self._fused[node]
        return (*(x for x in node.reads if x is not fused), *fused.reads)

    def _free(self, x, node):
        """Tell whether ``node`` may be written over its operand ``x``."""
        if self._last[x] is not node or self._reads(node).count(x) > 1:
            return False
        return x.op != "input" or self.home.get(node) == self._register[x]

    def _emit(self, op, operands, numbers=(), *, in_place, **keywords):
        """Add an operation; return the register that holds its value."""
        name = f"{op}_" if in_place else op
        function = getattr(torch, f"_foreach_{name}") if isinstance(op, str) else op
        target = operands[0]
        if not in_place:
            target, self._width = self._width, self._width + 1
        self.names.append(name)
        self._operations.append(
            (function, operands, numbers, keywords, None if in_place else target)
        )
        return target

    def _simple(self, node):
        """Emit an operation that has a name of its own."""
        reads = node.reads
        if node.op == "call":

            def each(*lists):
                return [
                    node.numbers[0](*tensors) for tensors in zip(*lists, strict=True)
                ]

            return self._emit(each, [self._register[x] for x in reads], in_place=False)
        if node.op in COMMUTATIVE and not self._free(reads[0], node):
            reads = reads[::-1]
        operands = [self._register[x] for x in reads]
        in_place = self._free(reads[0], node)
        return self._emit(node.op, operands, node.numbers, in_place=in_place)

    def _sum(self, node):
        """Emit a·x + b·y, where y may be a product or a quotient to be fused."""
        (x, y), (a, b) = node.reads, node.numbers
        fused = self._fused.get(node)
        if fused is None:
            better = self._free(y, node) or b == 1 != a
            swap = better and not self._free(x, node)
        else:
            swap = fused is x
        if swap:
            x, y, a, b = y, x, b, a
        target, in_place = self._register[x], self._free(x, node)
        if fused is None and a + b == 1:
            operands = [target, self._register[y]]
            return self._emit("lerp", operands, (b,), in_place=in_place)
        if a != 1:
            target = self._emit("mul", [target], (a,), in_place=in_place)
            in_place = True
        if fused is None:
            operands = [target, self._register[y]]
            return self._emit("add", operands, in_place=in_place, alpha=b)
        operands = [target, *(self._register[z] for z in fused.reads)]
        return self._emit(FUSED[fused.op], operands, in_place=in_place, value=b)


def _ordered(nodes):
    """Return the nodes and all that they read, each after what it reads."""
    order = {}

    def visit(node):
        if node not in order:
            for x in node.reads:
                visit(x)
            order[node] = None

    for node in nodes:
        visit(node)
    return list(order)


def _fused(order, kept):
    """Return, for sums of which it is possible, the operand to be fused with them."""
    readers = Counter(x for node in order for x in node.reads)
    fused = {}
    for node in order:
        for y in node.reads if node.op == "sum" else ():
            alone = readers[y] == 1 and y not in kept
            if alone and y.op in FUSED and len(y.reads) == 2:
                fused[node] = y
    return fused
