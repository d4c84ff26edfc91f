"""The parser of both programs: an error is one line, and shows nothing that may be a password."""

import argparse
import re
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

from messaging.bootstrap.secrets import parted
from messaging.runtime.settings import OPTIONS
from messaging.texts import holds_password, printable

PATHS = {option.name for option in OPTIONS.values() if option.is_path}  # names of files may be any bytes
LONG = re.compile(r"\S{121,}")


class Parser(argparse.ArgumentParser):
    """The parser of a program; `add_parser` makes subparsers of this class."""

    _given: Sequence[str] = ()

    def parse_known_args(  # type: ignore[override]  # typeshed has it in overloads
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> tuple[Any, list[str]]:
        self._given = args or ()
        return super().parse_known_args(args, namespace)

    def parse_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> Any:  # type: ignore[override]
        """Ends the program for --help (0), and for words that do not fit (2)."""
        seen, unknown = self.parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(_without_values(unknown))}")
        if any(map(holds_password, parted(args or ())[0])):
            self.error("an address with a password is no value of these arguments but --broker and --database")
        for name, value in vars(seen).items():
            if name not in PATHS and not all(map(_is_text, value if isinstance(value, list) else [value])):
                self.error(f"{name}: this is not text in UTF-8")
        return seen

    def error(self, message: str) -> NoReturn:
        for secret in _secrets(self._given):
            message = message.replace(secret, (secret.partition("://")[0] + "://" if "://" in secret else "") + "***")
        message = LONG.sub(lambda found: found[0][:100] + "...", message)
        self.exit(2, f"order-desk: {printable(message)}; see: {self.prog} --help\n")


def _without_values(unknown: Sequence[str]) -> Iterator[str]:
    """Unknown arguments, with `...` for the value of an unknown option, which may be a password."""
    after_option = False
    for argument in unknown:
        is_option = argument.startswith("-")
        yield argument.partition("=")[0] if is_option else "..." if after_option else argument
        after_option = is_option and "=" not in argument


def _secrets(arguments: Sequence[str]) -> list[str]:
    """Addresses among the arguments: whole, and behind the name of an option."""
    found = {part for one in arguments for part in (one, one.partition("=")[2]) if "://" in part or "@" in part}
    return sorted(found, key=len, reverse=True)


def _is_text(value: object) -> bool:
    try:
        return not isinstance(value, str) or bool(value.encode() or True)
    except UnicodeEncodeError:
        return False
