from messaging.history.store.saved_views import MOST_VIEWS, SavedView
from tests.unit.history.conftest import OpenStore


def test_views_are_kept_renamed_and_removed_for_every_window_of_the_user(open_store: OpenStore) -> None:
    here, there = open_store(), open_store()
    here.keep_view("notices", SavedView("Milk", "milk"))
    there.keep_view("notices", SavedView("Late", "state:backordered"))
    here.keep_view("notices", SavedView("MILK", "product:milk"))  # in place of the other
    assert there.views("notices") == [SavedView("Late", "state:backordered"), SavedView("MILK", "product:milk")]
    assert here.views("orders") == []
    there.rename_view("notices", "Late", "milk")  # the other one of this name goes
    assert here.views("notices") == [SavedView("milk", "state:backordered")]
    here.rename_view("notices", "milk", "Milk")
    assert there.remove_view("notices", "Milk") == []


def test_very_many_and_very_long_ones_are_bounded(open_store: OpenStore) -> None:
    store = open_store()
    for number in range(MOST_VIEWS + 1):
        store.keep_view("orders", SavedView(f"{number} " + "x" * 100, "x" * 5000))
    views = store.views("orders")
    assert (len(views), len(views[0].name), len(views[0].text)) == (MOST_VIEWS, 60, 2000)
