"""Makes importing the window's modules and leaving the program fast."""

import builtins
import gc


def prepare() -> None:
    """Loading makes no garbage; `GuiGarbage` takes over when all is there.

    And PySide6 reads the source of every module that is loaded after it, and keeps it in memory, for a switch of
    its own (`from __feature__ import ...`) that nobody here uses: Python's own import is put back.
    """
    gc.disable()
    import PySide6.QtCore  # noqa: F401, PLC0415  # this is what replaces it

    plain = getattr(builtins, "__orig_import__", None)  # where PySide6 leaves it
    if plain is not None:
        builtins.__import__ = plain


def leave() -> None:
    """Spare the process the two garbage collections that Python makes while it ends; call it when all is closed."""
    gc.freeze()
