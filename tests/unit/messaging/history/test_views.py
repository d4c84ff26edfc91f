from messaging.history.store.saved_views import MOST_VIEWS, SavedView
from tests.unit.messaging.history.conftest import OpenStore


def test_views_are_kept_renamed_and_removed_for_every_window_of_the_user(open_store: OpenStore) -> None:
    here, there = open_store(), open_store()
    here.views.save("notices", SavedView("Milk", "milk"))
    there.views.save("notices", SavedView("Late", "state:backordered"))
    here.views.save("notices", SavedView("MILK", "product:milk"))  # in place of the other
    assert there.views.of("notices") == [SavedView("Late", "state:backordered"), SavedView("MILK", "product:milk")]
    assert here.views.of("orders") == []
    there.views.rename("notices", "Late", "milk")  # the other one of this name goes
    assert here.views.of("notices") == [SavedView("milk", "state:backordered")]
    here.views.rename("notices", "milk", "Milk")
    assert there.views.remove("notices", "Milk") == []


def test_very_many_and_very_long_ones_are_bounded(open_store: OpenStore) -> None:
    store = open_store()
    for number in range(MOST_VIEWS + 1):
        store.views.save("orders", SavedView(f"{number} " + "x" * 100, "x" * 5000))
    views = store.views.of("orders")
    assert (len(views), len(views[0].name), len(views[0].text)) == (MOST_VIEWS, 60, 2000)
