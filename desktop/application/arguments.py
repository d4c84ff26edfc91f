"""The command line of the window; the settings among it are declared in messaging.runtime.settings."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.role.tab_names import TABS
from messaging.bootstrap.checkout import typed
from messaging.errors import UsageError
from messaging.phrases import phrase
from messaging.runtime import settings
from messaging.runtime.arguments import Parser
from messaging.runtime.settings import Settings

DEMO = "demo"


@dataclass(frozen=True, slots=True)
class Arguments:
    settings: Settings
    users: tuple[str, ...] = ()  # of a window at most one; of the demo one for each client window
    tab: str = ""  # one of TABS, or empty: as it was when the window was closed
    start: bool = False
    new_window: bool = False  # a second window where this user has one already
    demo: bool = False
    screenshots: Path | None = None
    setup_only: bool = False

    @property
    def user(self) -> str:
        """The name that was given, or an empty text for the user of the last time."""
        return self.users[0] if self.users else ""


def parse(arguments: Sequence[str], environ: Mapping[str, str]) -> Arguments:
    """Read the command line. Raises UsageError; ends the program for --help (exit code 0) and unknown words (2)."""
    seen = parser().parse_args(arguments)
    demo = seen.command == DEMO
    if seen.screenshots is not None and not demo:
        raise UsageError(phrase("arguments.screenshots_belongs_to_the_demo_demo", value=typed("desktop")))
    if len(seen.users) > 1 and not demo:
        raise UsageError(phrase("arguments.a_window_has_one_user_for", value=typed("desktop")))
    return Arguments(
        settings=settings.load(vars(seen), environ),
        users=tuple(seen.users),
        tab=seen.tab,
        start=seen.start,
        new_window=seen.new_window,
        demo=demo,
        screenshots=seen.screenshots,
        setup_only=seen.setup_only,
    )


def parser() -> argparse.ArgumentParser:
    made = Parser(
        prog=typed("desktop"),
        description="Order Desk: orders, stock and notifications over RabbitMQ in one window.",
        epilog="Settings are also read from ORDER_DESK_... and settings.toml in the data directory.",
        allow_abbrev=False,
    )
    made.add_argument(
        "command",
        nargs="?",
        choices=[DEMO],
        help="open windows of two clients and a warehouse side by side and play a short script of real orders",
    )
    made.add_argument(
        "--user",
        dest="users",
        action="append",
        default=[],
        metavar="NAME",
        help="who uses the window; may be repeated for the demo",
    )
    made.add_argument("--tab", choices=TABS, default="", help="the tab to show first")
    made.add_argument("--start", action="store_true", help="start the work of the shown tab at once")
    made.add_argument(
        "--new-window",
        action="store_true",
        help="open a second window where this user has one already, instead of bringing that one to the front",
    )
    made.add_argument(
        "--screenshots",
        type=Path,
        metavar="DIR",
        help="with demo: save pictures of the tabs and exit; needs no display",
    )
    made.add_argument("--setup-only", action="store_true", help="only what a fresh machine needs, then exit")
    settings.add_arguments(made)
    return made
