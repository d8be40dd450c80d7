"""Symbols that record an elementwise formula instead of computing it.

Called with symbols in the place of tensors, ``update`` yields its own formula, which
``program.py`` then runs in place.  So the equation is written once, readably, and
nothing is lost to temporaries.

A symbol stands for ``scale × node``.  Keeping the scale apart makes multiplication and
division by numbers free, and leaves sums of the forms  a·x + b·y,  a·x + b·y∘z  and
a·x + b·y/z,  which PyTorch computes in one or two operations.
"""

import math

import torch


class Node:
    """One operation of a formula.

    Args:
        op: "input"; "sum" (of two nodes, times two numbers); "call" (of a function);
            or the name of an operation of the family ``torch._foreach_*``.
        reads: Nodes it is computed from.
        numbers: Numbers (for "call", the function) it needs besides.
    """

    __slots__ = ("numbers", "op", "reads")

    def __init__(self, op, reads=(), numbers=()):
        self.op = op
        self.reads = reads
        self.numbers = numbers


class Symbol:
    """A recorded value, ``scale × node``, standing for a tensor of any shape.

    It takes part in ``+ - * / **`` with numbers and symbols, and in the elementwise
    functions of ``torch``.

    Args:
        node: The operation that yields the value.
        scale: A number that multiplies it.

    Example:
        >>> g = Symbol(Node("input"))
        >>> h = torch.sqrt(4 * g * g)
        >>> h.scale, h.node.op, h.node.reads[0].op
        (2.0, 'sqrt', 'mul')
    """

    __slots__ = ("node", "scale")

    def __init__(self, node, scale=1.0):
        self.node = node
        self.scale = scale

    def plain(self):
        """Return a node for the whole value, scale included."""
        if self.scale == 1.0:
            return self.node
        return Node("mul", (self.node,), (self.scale,))

    def __neg__(self):
        return Symbol(self.node, -self.scale)

    def __add__(self, other):
        if isinstance(other, Symbol):
            if other.scale == 0.0:
                return self
            if self.scale == 0.0:
                return other
            scales = (self.scale, other.scale)
            return Symbol(Node("sum", (self.node, other.node), scales))
        if other == 0:
            return self
        if 1e-6 < abs(self.scale) < 1e6:  # a·x + c = a·(x + c/a)
            shifted = Node("add", (self.node,), (other / self.scale,))
            return Symbol(shifted, self.scale)
        return Symbol(Node("add", (self.plain(),), (other,)))

    def __sub__(self, other):
        return self + (-other)

    def __mul__(self, other):
        if isinstance(other, Symbol):
            nodes = (self.node, other.node)
            return Symbol(Node("mul", nodes), self.scale * other.scale)
        return Symbol(self.node, self.scale * other)

    def __truediv__(self, other):
        if isinstance(other, Symbol):
            if other.scale == 0.0:
                return Symbol(Node("div", (self.node, other.plain())), self.scale)
            nodes = (self.node, other.node)
            return Symbol(Node("div", nodes), self.scale / other.scale)
        return Symbol(self.node, self.scale / other)

    def __rsub__(self, other):
        return -self + other

    def __rtruediv__(self, other):
        return Symbol(Node("reciprocal", (self.plain(),)), other)

    def __pow__(self, exponent):
        return self * self if exponent == 2 else torch.pow(self, exponent)

    def __bool__(self):
        raise TypeError("a symbol is neither true nor false; use torch.where")

    __radd__ = __add__
    __rmul__ = __mul__

    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        """Record a function of ``torch`` that was called with symbols."""
        kwargs = kwargs or {}
        if any(isinstance(value, Symbol) for value in kwargs.values()):
            raise TypeError(f"pass tensors to {function.__name__} by position")
        if function is torch.sqrt and args[0].scale > 0:
            (x,) = args
            return Symbol(Node("sqrt", (x.node,)), math.sqrt(x.scale))
        if function is torch.maximum:
            x, y = args
            if x.scale == y.scale > 0:
                return Symbol(Node("maximum", (x.node, y.node)), x.scale)
            return Symbol(Node("maximum", (x.plain(), y.plain())))
        if function in (torch.clip, torch.clamp) and len(args) == 3 and not kwargs:
            x, low, high = args
            node = x.plain()
            if low > -math.inf:
                node = Node("clamp_min", (node,), (low,))
            if high < math.inf:
                node = Node("clamp_max", (node,), (high,))
            return Symbol(node)

        def call(*tensors):
            rest = iter(tensors)
            filled = [next(rest) if isinstance(x, Symbol) else x for x in args]
            return function(*filled, **kwargs)

        nodes = tuple(x.plain() for x in args if isinstance(x, Symbol))
        return Symbol(Node("call", nodes, (call,)))
