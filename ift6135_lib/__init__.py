"""The companion package of the IFT6135 notes: each method beside its equation.

Importing it loads neither matplotlib nor ipywidgets; :mod:`ift6135_lib.plot` and
:mod:`ift6135_lib.interact` do.
"""

__version__ = "0.1.0"
