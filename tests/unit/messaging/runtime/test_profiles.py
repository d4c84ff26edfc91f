import stat
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from uuid import UUID

import pytest

from messaging.errors import StoreUnavailable, UsageError
from messaging.runtime.paths import DataDir
from messaging.runtime.profiles import COLOURS, Profiles


@pytest.fixture
def folder(tmp_path: Path) -> DataDir:
    return DataDir.at(str(tmp_path))


def name_some(root: str, names: list[str]) -> list[str]:
    return [Profiles(DataDir.at(root)).named(name).user_id for name in names]


def test_a_name_makes_a_profile_once_and_finds_it_ever_after(folder: DataDir) -> None:
    alice = Profiles(folder).named("Alice")
    assert (alice.name, UUID(alice.user_id).version) == ("Alice", 4)
    assert Profiles(folder).named("Alice") == alice
    assert Profiles(folder).all() == [alice]


@pytest.mark.parametrize("same", ["alice smith", "  ALICE   SMITH ", "Alice\tSmith"])
def test_case_and_space_make_no_other_user(folder: DataDir, same: str) -> None:
    assert Profiles(folder).named("Alice Smith") == Profiles(folder).named(same)


def test_letters_composed_or_not_make_no_other_user(folder: DataDir) -> None:
    assert Profiles(folder).named("Zo\u00eb") == Profiles(folder).named("Zoe\u0308")


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "a\x1b[31m", "a\u202eb", "a\u200bb", "\ud800", "a\x00"])
def test_what_is_no_name_is_refused(folder: DataDir, name: str) -> None:
    with pytest.raises(UsageError, match="1 to 40 visible characters"):
        Profiles(folder).named(name)
    assert Profiles(folder).all() == []


@pytest.mark.parametrize("name", ["x", "x" * 40, "李小龍", "O'Neill & Co"])
def test_what_is_a_name_is_taken(folder: DataDir, name: str) -> None:
    assert Profiles(folder).named(name).name == name


def test_colours_are_given_in_turn_and_can_be_read_on_white(folder: DataDir) -> None:
    given = [Profiles(folder).named(f"user {n}").colour for n in range(len(COLOURS) + 1)]
    assert given == [*COLOURS, COLOURS[0]]
    assert len(set(COLOURS)) == len(COLOURS)
    assert all(contrast_with_white(colour) >= 4.5 for colour in COLOURS)


def contrast_with_white(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def test_the_last_used_profile_is_remembered(folder: DataDir) -> None:
    assert Profiles(folder).last_used() is None
    alice, bob = Profiles(folder).named("alice"), Profiles(folder).named("bob")
    assert Profiles(folder).last_used() == bob
    Profiles(folder).named("alice")
    assert Profiles(folder).last_used() == alice


def test_several_processes_at_once_lose_no_profile_and_make_none_twice(folder: DataDir) -> None:
    names = [f"user {n}" for n in range(8)]
    with get_context("spawn").Pool(3) as pool:
        ids = pool.starmap(name_some, [(str(folder.root), names)] * 3)
        pool.close()
        pool.join()
    assert ids[0] == ids[1] == ids[2]
    assert [profile.name for profile in Profiles(folder).all()] == names


def test_several_threads_at_once_lose_nothing(folder: DataDir) -> None:
    profiles = Profiles(folder)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(profiles.named, [f"user {n}" for n in range(20)]))
    assert len(profiles.all()) == 20


def test_a_damaged_file_is_kept_aside_and_said(folder: DataDir) -> None:
    for number, content in enumerate((b'{"profiles": [', b'{"profiles": [{"name": 1}]}', b"\xff"), 1):
        folder.profiles.write_bytes(content)
        with pytest.raises(StoreUnavailable, match=f"kept as profiles.json.damaged-{number}"):
            Profiles(folder).named("alice")
        assert folder.profiles.with_name(f"profiles.json.damaged-{number}").read_bytes() == content


def test_the_file_is_for_its_owner_alone_and_nothing_is_left_beside_it(folder: DataDir) -> None:
    Profiles(folder).named("alice")
    assert stat.S_IMODE(folder.profiles.stat().st_mode) == 0o600
    assert {path.name for path in folder.root.iterdir()} <= {"profiles.json", "profiles.json.lock"}


def test_a_user_may_have_another_name_and_colour_and_stays_the_same_user(folder: DataDir) -> None:
    alice, bob = Profiles(folder).named("Alice"), Profiles(folder).named("Bob")
    changed = Profiles(folder).change(alice.user_id, " Alice  Smith ", "#0F766E")
    assert (changed.name, changed.user_id, changed.colour) == ("Alice Smith", alice.user_id, "#0f766e")
    assert Profiles(folder).all() == [changed, bob]
    with pytest.raises(UsageError, match="another user"):
        Profiles(folder).change(alice.user_id, "BOB", "#0f766e")
    with pytest.raises(UsageError, match="not a colour"):
        Profiles(folder).change(alice.user_id, "Alice", "red")


def test_names_are_found_by_user_id(folder: DataDir) -> None:
    profiles = Profiles(folder)
    assert profiles.names() == {}
    alice, bob = profiles.named("alice"), profiles.named("Bob")
    assert profiles.names() == {alice.user_id: "alice", bob.user_id: "Bob"}
