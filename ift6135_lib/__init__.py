"""The companion package of the IFT6135 notes: each method beside its equation.

Importing it loads neither torch, matplotlib nor ipywidgets;
:mod:`ift6135_lib.plot` and :mod:`ift6135_lib.interact` do.
"""

from ift6135_lib.exercises.check import Unanswered, check

__all__ = ["Unanswered", "check"]
__version__ = "0.1.0"
