"""What is declared of an option, and what follows from it: its names outside, and which values it accepts."""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import msgspec

from messaging.errors import UsageError
from messaging.phrases import phrase
from messaging.texts import holds_password

PREFIX = "ORDER_DESK_"
KINDS = {int: "a whole number", float: "a number", str: "a text"}


class Group(StrEnum):
    """The cards of the preferences dialog, in its order."""

    RABBITMQ = "RabbitMQ"
    WAREHOUSE = "Warehouse"
    LOG = "Log"


@dataclass(frozen=True, slots=True)
class Option:
    """The type is that of `default`. A number is above zero and at most `most`; a text is one of `choices`, if any.

    `group` is None for an option that cannot be set in the dialog. `is_secret`: its value may hold a password and
    is never shown. `is_address`: addresses of RabbitMQ, separated by commas. `is_path`: its text may be any bytes.
    """

    name: str
    default: Any
    title: str
    help: str
    group: Group | None = None
    unit: str = ""
    most: int = 0
    choices: tuple[str, ...] = ()
    is_secret: bool = False
    is_address: bool = False
    is_path: bool = False

    @property
    def kind(self) -> type:
        return type(self.default)

    @property
    def flag(self) -> str:
        """The argument on the command line."""
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        """The variable of the environment."""
        return PREFIX + self.name.upper()

    def checked(self, value: object, source: str) -> Any:
        """Convert to the option's type. Raises UsageError, which names the option, `source` and what is accepted."""
        name, kind = self.name, self.kind
        if not self.is_secret and holds_password(str(value)):
            raise UsageError(phrase("option.an_address_with_a_password_does", name=name, source=source))
        try:
            self._refuse_odd_text(value)
            result: Any = msgspec.convert(value, kind, strict=False)
        except (msgspec.ValidationError, ValueError):
            if self.is_secret:
                raise UsageError(phrase("option.this_is_not", name=name, source=source, kinds=KINDS[kind])) from None
            raise UsageError(
                phrase("option.is_not", name=name, source=source, value=value, kinds=KINDS[kind])
            ) from None
        if kind is not str and not 0 < result < math.inf:  # NaN is neither
            raise UsageError(phrase("option.use_a_number_above_zero_not", name=name, source=source, value=value))
        if self.most and result > self.most:
            raise UsageError(phrase("option.is_the_most_not", name=name, source=source, most=self.most, value=value))
        if self.is_address and not all(map(_is_address, result.split(","))):
            raise UsageError(phrase("option.broker_use_amqp_user_password_host", source=source))
        if self.choices and result not in self.choices:
            raise UsageError(
                phrase("option.use_one_of_not", name=name, source=source, choices=", ".join(self.choices), value=value)
            )
        return result

    def _refuse_odd_text(self, value: object) -> None:
        """Raise ValueError for a NUL, and where a text that is no path is not UTF-8."""
        if isinstance(value, str) and "\0" in value:
            raise ValueError("NUL")
        if isinstance(value, str) and not self.is_path:
            value.encode()


def _is_address(url: str) -> bool:
    """It may hold a password: whoever refuses it must not show it."""
    try:
        parts = urlsplit(url.strip())
        return not url.strip() or (parts.scheme in ("amqp", "amqps") and (parts.port is None or parts.port > 0))
    except ValueError:
        return False
