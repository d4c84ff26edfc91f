"""`python3 -m tests translations`: collect the window's texts, and what messaging says, for translation; pack what is
translated.

Texts that are new stand as unfinished in resources/translations/*.ts: translate them there (pyside6-linguist), run
this again. Until then they are shown in English.
"""

import json
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

import desktop
from desktop.text.languages import FOLDER
from desktop.text.templates import CONTEXT, parsed
from messaging.runtime.option import Group
from messaging.runtime.settings import OPTIONS
from tests import phrases

PROPER_NAMES = {"RabbitMQ"}  # the same in every language
SOURCES = Path(desktop.__file__).parent


def main(arguments: list[str]) -> int:
    for ts in sorted(FOLDER.glob("*.ts")):
        update(ts)
        pack(ts, ts.with_suffix(".qm"))
        sys.stdout.write(f"{ts.name}: {ts.read_text('utf-8').count('unfinished')} texts are not translated\n")
    return 0


def update(ts: Path) -> None:
    sources = sorted(str(path) for path in SOURCES.rglob("*.py"))
    with tempfile.TemporaryDirectory() as folder:
        others = Path(folder) / "others.py"
        others.write_text("\n".join((*_options(), *_phrases())), "utf-8")
        given = (*sources, str(others), "-ts", str(ts), "-source-language", "en", "-no-obsolete", "-locations", "none")
        _run("lupdate", *given)


def _options() -> Iterator[str]:
    """What is shown of the options is declared in messaging, where Qt is not known."""
    texts = {*Group} - PROPER_NAMES
    for option in OPTIONS.values():
        texts |= {option.title, option.help, *([f" {option.unit}"] if option.unit else [])}
    for text in sorted(texts):
        yield f'translate("Settings", {json.dumps(text)})'


def _phrases() -> Iterator[str]:
    for source in sorted({parsed(template).source for template in phrases.translatable()}):
        yield f"translate({json.dumps(CONTEXT)}, {json.dumps(source)})"


def pack(ts: Path, qm: Path) -> None:
    _run("lrelease", "-nounfinished", str(ts), "-qm", str(qm))


def _run(tool: str, *arguments: str) -> None:
    """The tools come with PySide6."""
    command = Path(sysconfig.get_path("scripts")) / f"pyside6-{tool}"
    subprocess.run([str(command), *arguments], check=True, capture_output=True, text=True)
