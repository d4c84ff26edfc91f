"""A build of PySide6 that loses references to True or None aborts after minutes, anywhere; here it gets its name.

6.12.0 does so below Python 3.12 (PYSIDE-3474). From 3.12 on these objects are immortal and cannot drift.
"""

import json
import subprocess
import sys

import PySide6
import pytest

CALLS = 50

CANARY = """
import json, sys
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QLabel

class Sender(QObject):
    sent = Signal(bool)

application, sender, label = QApplication([]), Sender(), QLabel()
sender.sent.connect(lambda value: None)

def calls(count):
    for number in range(count):
        sender.sent.emit(True)
        label.setEnabled(True)
        label.parent()
        application.processEvents()

calls(3)
before = {str(value): sys.getrefcount(value) for value in (True, None)}
calls(int(sys.argv[1]))
print(json.dumps({str(value): sys.getrefcount(value) - before[str(value)] for value in (True, None)}))
"""


@pytest.mark.parametrize("value", ["True", "None"])
def test_signals_keep_the_references_they_are_given(value: str) -> None:
    command = [sys.executable, "-c", CANARY, str(CALLS)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    build = f"PySide6 {PySide6.__version__} on Python {sys.version.split()[0]}"
    assert ended.returncode == 0, f"{build} ends with {ended.returncode}: {ended.stderr}"
    drift = json.loads(ended.stdout)[value]
    assert abs(drift) < CALLS // 2, f"{build} loses references to {value}: {drift} in {CALLS} calls. Use another build."
