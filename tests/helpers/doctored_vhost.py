"""A virtual host for the doctor."""

from collections.abc import Callable
from typing import Any

from messaging.broker.diagnostics.doctor import CheckResult, examine
from messaging.broker.diagnostics.probe import Probe
from tests.helpers.admin import Admin


class Clinic:
    """It has the whole topology from the start."""

    def __init__(self, url: str, management_url: str, admin: Admin, vhost: str) -> None:
        self.url, self.management_url, self.admin, self.vhost = url, management_url, admin, vhost
        self.look(fix=True)

    def look(self, *, fix: bool = False, management_url: str = "") -> dict[str, CheckResult]:
        """What the doctor finds, by name."""
        found = examine(self.url, management_url or self.management_url, fix=fix)
        return {finding.name: finding for finding in found}

    def do(self, step: Callable[[Any, Any], object]) -> None:
        """As the operator."""
        with Probe(self.url, "test") as session:
            session.do(step)
