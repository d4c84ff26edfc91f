from desktop.text.formats import number
from desktop.warehouse.figures import DecisionRate
from desktop.warehouse.tab import WarehouseTab
from tests.helpers.pages import on_page, until
from tests.unit.desktop.warehouse.helpers import decide, order, seen


@on_page(WarehouseTab)
async def test_orders_appear_as_they_come_with_outcome_and_reason_newest_on_top(tab: WarehouseTab) -> None:
    await seen(tab)
    await decide(tab, order("laptop", 2), order("laptop", 99), b"<b>no</b>")
    rows = [[tab.feed.table.rows.index(n, c).data() for c in (3, 4, 5)] for n in range(3)]
    assert rows[2][:2] == ["2 \N{MULTIPLICATION SIGN} laptop", "Processed"]
    assert rows[1] == ["99 \N{MULTIPLICATION SIGN} laptop", "Refused", "laptop: 99 asked, 23 free"]
    assert rows[0][1] == "Set aside"
    assert (tab.toolbar.processed.value.text(), tab.toolbar.refused.value.text()) == ("1", "2")


@on_page(WarehouseTab)
async def test_each_order_says_how_long_it_took_and_the_slowest_of_the_last_minute_stays_told(
    tab: WarehouseTab,
) -> None:
    await seen(tab)
    (decided,) = await decide(tab, order("laptop", 1))
    tab._show_decided([(decided, 0.25)])
    assert not tab.feed.table.isColumnHidden(6)
    assert tab.feed.table.rows.index(0, 6).data() == "250 ms"
    tab.toolbar.tick()
    tab.toolbar.tick()
    assert tab.toolbar.slowest.value.text() == "250 ms"


@on_page(WarehouseTab)
async def test_the_feed_is_bounded_and_holds_still_for_a_reader(tab: WarehouseTab) -> None:
    await seen(tab)
    decided = await decide(tab, order("laptop", 1))
    for _ in range(40):
        tab._show_decided([(decided[0], 0.01)] * 60)
    assert tab.feed.model.rowCount() == 2000
    bar = tab.feed.table.verticalScrollBar()
    await until(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum() // 2)
    top = tab.feed.model.row(0)
    tab._show_decided([(decided[0], 0.01)] * 7)
    assert tab.feed.model.row(0) == top
    assert tab.feed.more_button.text() == "7 new"
    tab.feed.more_button.click()
    assert tab.feed.model.row(6).number == top.number + 1
    assert not tab.feed.more_button.isVisible()


@on_page(WarehouseTab)
async def test_of_what_comes_too_fast_the_newest_is_shown_and_the_rest_counted(tab: WarehouseTab) -> None:
    await seen(tab)
    (decided,) = await decide(tab, order("laptop", 1))
    tab._show_decided([(decided, n / 1000) for n in range(1300)])
    assert tab.feed.model.row(0).seconds == 1.299
    assert tab.feed.passed.text().startswith(f"{number(1240)} more")
    assert tab.toolbar.processed.value.text() == number(1301)


@on_page(WarehouseTab)
async def test_the_warehouse_starts_and_stops_without_rabbitmq(tab: WarehouseTab) -> None:
    await seen(tab)
    tab.toolbar.start_button.click()
    assert tab.running
    assert tab.toolbar.start_button.text() == "Stop"
    await until(lambda: "Starting" in tab.toolbar.pill.text())
    tab.toolbar.start_button.click()
    await until(lambda: not tab.running and tab.toolbar.start_button.text() == "Start")


def test_the_rate_forgets_what_is_long_ago() -> None:
    rate = DecisionRate()
    rate.add(50, at=0.0)
    rate.add(10, at=4.0)
    assert rate.per_second(now=4.5) == 12.0
    assert rate.per_second(now=6.0) == 2.0
