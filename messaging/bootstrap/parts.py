"""Parts that the system itself must have: shared libraries that Qt loads, and RabbitMQ."""

import importlib
import importlib.util
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from messaging.bootstrap.command_line import Peek
from messaging.bootstrap.rabbitmq_server import VARIABLE, find_rabbitmq_server

# Found by adding packages to a minimal Debian 12 until a window was drawn (PySide6 6.11).
WINDOW_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
}
X11_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part; a package name is empty where that package manager has none or none is needed."""

    name: str
    present: Callable[[], bool]
    debian: str
    homebrew: str = ""
    chocolatey: str = ""
    checked_always: bool = False  # checked at each start, because it may be removed


def window_parts(environ: Mapping[str, str]) -> tuple[Part, ...]:
    """The libraries that PySide6's wheels expect from a Linux system; elsewhere the wheels bring everything."""
    if sys.platform != "linux":
        return ()
    libraries = WINDOW_LIBRARIES | (X11_LIBRARIES if _draws_on_x11(environ) else {})
    return tuple(_library(name, package) for name, package in libraries.items())


def broker_parts(peek: Peek, environ: Mapping[str, str]) -> tuple[Part, ...]:
    """RabbitMQ, unless one that runs elsewhere is named."""
    named = {VARIABLE: peek.rabbitmq_server} if peek.rabbitmq_server else {}
    return () if peek.broker else (rabbitmq({**environ, **named}),)


def rabbitmq(environ: Mapping[str, str]) -> Part:
    return Part(
        name="RabbitMQ",
        present=lambda: find_rabbitmq_server(environ) is not None,
        debian="rabbitmq-server",
        homebrew="rabbitmq",
        chocolatey="rabbitmq",
        checked_always=True,
    )


def venv_module() -> Part:
    """Python's ensurepip, which Debian packages apart, and without which no environment can be made."""
    return Part(
        name="Python's venv",
        present=_has_ensurepip,
        debian=f"python{sys.version_info.major}.{sys.version_info.minor}-venv",
    )


def _has_ensurepip() -> bool:
    importlib.invalidate_caches()
    return importlib.util.find_spec("ensurepip") is not None


def _draws_on_x11(environ: Mapping[str, str]) -> bool:
    return bool(environ.get("DISPLAY")) and environ.get("QT_QPA_PLATFORM", "xcb").startswith("xcb")


def _library(name: str, package: str) -> Part:
    return Part(name=name, present=lambda: _loads(name), debian=package)


def _loads(library: str) -> bool:
    """Load the library: an existing file may lack libraries that it needs itself."""
    import ctypes

    try:
        ctypes.CDLL(library, mode=os.RTLD_LAZY)
    except OSError:
        return False
    return True
