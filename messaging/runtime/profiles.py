"""The users of this machine: names with their user ids, kept in one file of the data directory."""

import os
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import msgspec
from filelock import FileLock, Timeout
from msgspec import Meta, Struct

from messaging.domain.orders import UUID_PATTERN
from messaging.errors import StoreUnavailable, UsageError
from messaging.phrases import phrase
from messaging.runtime.paths import DataDir
from messaging.texts import is_name, normal_name, printable

MAX_NAME = 40
LOCK_SECONDS = 5.0

# Each has a contrast of at least 4.5 : 1 with white (WCAG 2.2, 1.4.3); neighbours differ for the colour-blind too.
COLOURS = (
    "#0b5cad",
    "#b45309",
    "#0f766e",
    "#b4236e",
    "#4338ca",
    "#5c6b00",
    "#c0262d",
    "#1b7f3b",
    "#7c3aed",
    "#475569",
)


class Profile(Struct, frozen=True):
    """`user_id` is what RabbitMQ and the warehouse know; `colour` is #rrggbb."""

    name: str
    user_id: Annotated[str, Meta(pattern=UUID_PATTERN)]
    colour: Annotated[str, Meta(pattern="^#[0-9a-f]{6}$")]


class _StoredProfiles(Struct):
    profiles: list[Profile] = []
    last_used: str = ""


class Profiles:
    """Several windows and commands may use the file at once. Raises StoreUnavailable where it cannot be used."""

    def __init__(self, folder: DataDir) -> None:
        self._path = folder.profiles

    def named(self, name: str) -> Profile:
        """Find or make a profile; upper and lower case are the same name. Raises UsageError for what is no name."""
        name = checked_name(name)
        with self._locked():
            kept = self._load()
            profile = next((p for p in kept.profiles if _key(p.name) == _key(name)), None)
            if profile is None:
                profile = Profile(name, str(uuid4()), COLOURS[len(kept.profiles) % len(COLOURS)])
                kept.profiles.append(profile)
            if kept.last_used != profile.user_id:  # always for a new profile
                kept.last_used = profile.user_id
                self._save(kept)
        return profile

    def change(self, user_id: str, name: str, colour: str) -> Profile:
        """Change a user's name and colour. Raises UsageError where the name is another user's."""
        name = checked_name(name)
        with self._locked():
            kept = self._load()
            if any(_key(p.name) == _key(name) and p.user_id != user_id for p in kept.profiles):
                raise UsageError(phrase("profiles.is_another_users_name_choose_one", name=name))
            try:
                changed = msgspec.convert({"name": name, "user_id": user_id, "colour": colour.lower()}, Profile)
            except msgspec.ValidationError as error:
                raise UsageError(phrase("profiles.is_not_a_colour_use_rrggbb", colour=colour[:20])) from error
            kept.profiles = [changed if p.user_id == user_id else p for p in kept.profiles]
            self._save(kept)
        return changed

    def all(self) -> list[Profile]:
        with self._locked():
            return self._load().profiles

    def names(self) -> dict[str, str]:
        """The names of the users known on this machine, by user id."""
        return {profile.user_id: profile.name for profile in self.all()}

    def known(self, name: str) -> Profile | None:
        """Find a profile by its name; None where there is none."""
        return next((profile for profile in self.all() if _key(profile.name) == _key(checked_name(name))), None)

    def last_used(self) -> Profile | None:
        with self._locked():
            kept = self._load()
        return next((p for p in kept.profiles if p.user_id == kept.last_used), None)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            with FileLock(f"{self._path}.lock", timeout=LOCK_SECONDS):
                yield
        except Timeout:
            raise StoreUnavailable(phrase("profiles.is_in_use_for_too_long", path=self._path.name)) from None
        except OSError as error:
            raise StoreUnavailable(
                phrase("profiles.cannot_be_used", path=self._path.name, strerror=error.strerror)
            ) from error

    def _load(self) -> _StoredProfiles:
        if not self._path.exists():
            return _StoredProfiles()
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=_StoredProfiles)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            aside = _free_name(self._path)
            os.replace(self._path, aside)
            raise StoreUnavailable(
                phrase("profiles.was_damaged_and_is_kept_as", path=self._path.name, name=aside.name)
            ) from error

    def _save(self, kept: _StoredProfiles) -> None:
        """Replace the file as a whole, with fsync against a power cut."""
        handle, temporary = tempfile.mkstemp(prefix=f"{self._path.name}.", dir=self._path.parent)  # mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(msgspec.json.format(msgspec.json.encode(kept)))
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, self._path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise


def checked_name(name: str) -> str:
    """The name without outer and doubled blanks; raises UsageError where it is empty, too long or not visible."""
    name = normal_name(name)
    if len(name) > MAX_NAME or not is_name(name):
        raise UsageError(phrase("profiles.is_not_a_users_name_use", name=printable(name[:MAX_NAME]), max_name=MAX_NAME))
    return name


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name.casefold())


def _free_name(path: Path) -> Path:
    names = (path.with_name(f"{path.name}.damaged-{number}") for number in range(1, 10_000))
    return next(name for name in names if not name.exists())
