"""What only the tests need of the system; standard library only, because set-up asks for it."""

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from messaging.bootstrap.parts import Part

# Debian keeps the server's programs out of PATH, one folder per version; so do Homebrew's kegs.
POSTGRESQL_PLACES = (
    ("/usr/lib/postgresql", "*/bin/initdb"),
    ("/opt/homebrew/opt", "postgresql@*/bin/initdb"),
    ("/usr/local/opt", "postgresql@*/bin/initdb"),
)


def find_initdb(environ: Mapping[str, str]) -> Path | None:
    """initdb of the newest PostgreSQL here; its neighbours are postgres and pg_ctl."""
    found = [path for base, pattern in POSTGRESQL_PLACES for path in Path(base).glob(pattern)]
    if found:
        return max(found, key=_major)
    on_path = shutil.which("initdb", path=environ.get("PATH", os.defpath))
    return Path(on_path).resolve() if on_path else None


def _major(initdb: Path) -> int:
    return int("0" + re.sub(r"\D.*", "", initdb.parent.parent.name.removeprefix("postgresql@")))


def postgresql(environ: Mapping[str, str]) -> Part:
    return Part(
        name="PostgreSQL",
        present=lambda: find_initdb(environ) is not None,
        debian="postgresql",
        homebrew="postgresql@17",
        chocolatey="postgresql",
        checked_always=True,
    )
