"""What every optimizer shares: parameter groups, state, and the walk over parameters.

An optimizer of this package is one pure function, ``update``, that reads like its
equation.  The class below does the rest: it checks the arguments, keeps the state of
each parameter under the names of the paper, and applies ``update`` to parameters of
any number, size, dtype and device.  It records the formula once a step (see
``expression.py``) and runs it in place (``program.py``) on pieces of the parameters
that fit the cache (``tiles.py``).

See: chapters/04-optimization
"""

from collections import defaultdict

import torch
from torch import Tensor

from .arguments import RANGES, check_gradients, check_number, check_parameter
from .compiled import Kernels
from .expression import Node, Symbol
from .program import Program
from .tiles import tiles

# Bytes of the lists of tensors on which a formula is run.  Temporaries are as large as
# a list.  On a CPU a few lists should fit the cache; elsewhere, and for formulas of a
# single operation, only the temporaries' share of the memory counts.
CPU_BYTES = 2**21  # with temporaries
CPU_STREAM_BYTES = 2**23  # without
BYTES = 2**27


class Optimizer(torch.optim.Optimizer):
    """An optimizer whose rule is one pure function, (θ, state) ← update(θ, g, state).

    A subclass gives ``states``, the names of what it remembers of each parameter, and
    two methods: ``update``, the equation, elementwise, in arithmetic and functions of
    ``torch``; and ``hyperparameters``, what a group passes to it by keyword. The rest
    is done here: parameters, their groups and their state.

    Weight decay λ is the gradient of an L2 penalty, g ← g + λθ, unless the class sets
    ``decoupled`` and treats λ in its ``update``.

    Args:
        params: Parameters, or groups of them (dicts with a key "params").
        defaults: Hyper-parameters of the groups that do not set their own.
        maximize: Climb the objective instead of descending it.

    Raises:
        ValueError: An argument lies outside its range; no parameter, a repeated one,
            one that is complex, or one that does not require a gradient.

    Example:
        >>> class SignDescent(Optimizer):
        ...     @staticmethod
        ...     def update(θ, g, *, η):
        ...         return (θ - η * torch.sign(g),)
        ...
        ...     def hyperparameters(self, group, t):
        ...         return {"η": group["lr"]}
        >>> θ = torch.nn.Parameter(torch.tensor([3.0]))
        >>> θ.grad = torch.tensor([20.0])
        >>> SignDescent([θ], {"lr": 0.5, "weight_decay": 0}).step()
        >>> θ.item()
        2.5
    """

    states: tuple[str, ...] = ()  # of each parameter
    decoupled = False
    _kernels = None

    def __init__(self, params, defaults, *, maximize=False):
        params = params if isinstance(params, Tensor) else list(params)
        if isinstance(params, list) and not params:
            raise ValueError(
                "params must hold at least one parameter, got none (a generator such "
                "as model.parameters() is empty once it has been consumed)"
            )
        super().__init__(params, {**defaults, "maximize": maximize})

    @staticmethod
    def update(θ, g, *state, **hyperparameters):
        """Return the new (θ, *state), each of the shape of θ."""
        raise NotImplementedError

    def hyperparameters(self, group, t):
        """Return what ``update`` takes by keyword.

        Args:
            group: Parameter group, a dict such as ``{"lr": 0.1, ...}``.
            t: Step that is taken, from 1.

        Returns:
            Dict of numbers, by the equation's symbols.
        """
        raise NotImplementedError

    def initial(self, name, parameter, group):
        """Return a state of a parameter before its first step: zeros.

        Args:
            name: One of ``states``.
            parameter: Tensor of any shape.
            group: The parameter's group.

        Returns:
            Tensor of the parameter's shape, dtype and device.
        """
        return torch.zeros_like(parameter, memory_format=torch.preserve_format)

    def remembered(self, group):
        """Return the states that a group uses; ``update`` gets None for the others.

        Args:
            group: Parameter group.

        Returns:
            Names among ``states``; all of them, unless a subclass says otherwise.
        """
        return self.states

    def add_param_group(self, param_group):
        """Add a group of parameters, with hyper-parameters of its own if it names any.

        Args:
            param_group: Dict with the key "params" and any hyper-parameter.

        Raises:
            ValueError: As the constructor.
        """
        for name, value in {**self.defaults, **param_group}.items():
            if name in self.defaults and name in RANGES:
                check_number(name, value)
        params = param_group["params"]
        params = [params] if isinstance(params, Tensor) else list(params)
        known = {p for group in self.param_groups for p in group["params"]}
        for i, item in enumerate(params):
            p = item[1] if isinstance(item, tuple) else item  # (name, parameter)
            if isinstance(p, Tensor):
                check_parameter(f"params[{i}], of shape {tuple(p.shape)},", p, known)
                known.add(p)
        super().add_param_group({**param_group, "params": params})

    @torch.no_grad()
    def step(self, closure=None):
        """Apply ``update`` once to every parameter that has a gradient.

        Args:
            closure: Optional function that clears the gradients, computes the loss,
                back-propagates and returns the loss.

        Returns:
            The loss of ``closure``, or None.

        Raises:
            ValueError: A gradient is sparse.
        """
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            check_gradients(group["params"])
        for group in self.param_groups:
            for (device, dtype, t), rows in self._rows(group).items():
                program = self._program(group, t)
                several = len(program.names) > 1
                # a single operation gains nothing; a first step may be special
                if self._kernels is not None and several and t > 1:
                    rows = self._kernels.run(program, rows)
                size = BYTES
                if device.type == "cpu" and several:
                    size = CPU_BYTES if program.temporaries else CPU_STREAM_BYTES
                for lists in tiles(rows, size // dtype.itemsize):
                    program.run(lists)
        return loss

    def compile(self, **options):
        """Fuse the update of large parameters into one kernel, by ``torch.compile``.

        The kernel reads and writes everything once.  Compiling takes seconds, at the
        second step, and a C++ compiler on a CPU; worth it for long trainings of large
        models.  The iterates agree with the uncompiled ones up to rounding.

        Args:
            options: Arguments of ``torch.compile``.
        """
        self._kernels = Kernels(options)

    def _rows(self, group):
        """Return (θ, g, *state) of each parameter, by device, dtype and step.

        It counts the step, and creates the state at the first one.
        """
        names = self.remembered(group)
        rows = defaultdict(list)
        for p in group["params"]:
            if p.grad is None:
                continue
            state = self.state[p]
            if not state:
                state["step"] = 0
                state |= {name: self.initial(name, p, group) for name in names}
            state["step"] += 1
            row = (p, p.grad, *(state[name] for name in names))
            rows[p.device, p.dtype, state["step"]].append(row)
        return rows

    def _program(self, group, t):
        """Return what ``update`` does to θ, g and the state at step ``t``."""
        nodes = {name: Node("input") for name in ("θ", "g", *self.remembered(group))}
        symbols = {name: Symbol(node) for name, node in nodes.items()}
        θ, g, state = symbols["θ"], symbols["g"], map(symbols.get, self.states)
        if group["maximize"]:
            g = -g
        if not self.decoupled:
            g = g + float(group["weight_decay"]) * θ
        numbers = {
            name: value.item() if isinstance(value, Tensor) else value
            for name, value in self.hyperparameters(group, t).items()
        }
        new = self.update(θ, g, *state, **numbers)
        new = dict(zip(("θ", *self.states), new, strict=True))
        results = {i: new[name] for i, name in enumerate(nodes) if name != "g"}
        return Program(list(nodes.values()), results)
