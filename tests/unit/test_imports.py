"""Who may import whom: the contracts of pyproject.toml, and what a bare process really loads."""

import subprocess
import sys
from pathlib import Path

from tests.helpers.checkouts import ROOT, base_python, plain_environ

LOAD_ALL = """
import pkgutil, sys, messaging
for module in pkgutil.walk_packages(messaging.__path__, "messaging."):
    if not module.name.endswith("__main__") and ".migrations" not in module.name:
        __import__(module.name)
print([name for name in ("PySide6", "shiboken6", "qasync") if name in sys.modules])
"""

LOAD_SET_UP = """
import sys
before = set(sys.modules)
import desktop.__main__, messaging.__main__, tests.__main__
roots = {name.partition(".")[0] for name in set(sys.modules) - before}
print(sorted(roots - sys.stdlib_module_names))
print(*(name for name in sys.modules if name.startswith(("messaging.", "desktop.", "tests."))))
"""


def test_the_import_contracts_hold() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports")]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout


def test_messaging_loads_no_qt() -> None:
    assert _output(sys.executable, LOAD_ALL) == "[]"


def test_set_up_is_standard_library_only() -> None:
    """Without site-packages, as on a fresh machine."""
    packages, modules = _output(base_python(), LOAD_SET_UP, "-S").splitlines()
    assert packages == "['desktop', 'messaging', 'resources', 'tests']"
    allowed = (
        "messaging.bootstrap",
        "messaging.errors",
        "messaging.messages",
        "messaging.phrases",
        "messaging.texts",
        "resources",
        "tests.releases",
        "tests.system_parts",
    )
    others = [name for name in modules.split() if not name.startswith(allowed) and not name.endswith("__main__")]
    assert others == []


def _output(python: str, code: str, *options: str) -> str:
    command = [python, *options, "-c", code]
    ended = subprocess.run(command, cwd=ROOT, env=plain_environ(), capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()
