from concurrent.futures import Future
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QApplication

from desktop.role.session import Session
from desktop.role.worker import answer
from desktop.text.formats import number
from desktop.warehouse.set_aside.operators import Operator
from desktop.warehouse.set_aside.set_aside_details import dump, shown_bytes
from desktop.warehouse.tab import WarehouseTab
from messaging.contract import codec, topology
from messaging.domain.orders import Order
from messaging.warehouse.records import Incoming, SetAside, SetAsideState
from tests.helpers.pages import Problems, a_page, on_page, run, until
from tests.unit.desktop.warehouse.helpers import decide, order, seen


@on_page(WarehouseTab)
async def test_messages_are_dropped_and_brought_back(tab: WarehouseTab) -> None:
    await seen(tab)
    await decide(tab, b"one", b"two")
    tab.books.poll()
    await until(lambda: tab.set_aside.model.rowCount() == 2)
    tab.set_aside.all_button.click()
    tab.set_aside.drop_button.click()
    await until(lambda: tab.set_aside.model.rowCount() == 0)
    assert tab.done.words.text() == "2 messages dropped"
    tab.set_aside.state.setCurrentIndex(2)
    await until(lambda: tab.set_aside.model.rowCount() == 2)
    tab.set_aside.state.setCurrentIndex(0)
    tab.done.undo_button.click()
    await until(lambda: tab.set_aside.model.rowCount() == 2)


def test_a_stopped_warehouse_sends_nothing_again_and_says_so(qapp: QApplication, tmp_path: Path) -> None:
    problems = Problems()

    async def main() -> None:
        async with a_page(WarehouseTab, tmp_path, problems=problems) as tab:
            await seen(tab)
            await decide(tab, b"one")
            tab.books.poll()
            await until(lambda: tab.set_aside.model.rowCount() == 1)
            tab.set_aside.view.select(0)
            tab.set_aside.send_button.click()
            await until(lambda: problems)
            assert tab.done.words.text() == "0 sent again"

    run(qapp, main())
    assert "start it" in str(problems[0])


@on_page(WarehouseTab)
async def test_a_message_with_a_bad_field_is_corrected_instead_of_sent_to_be_refused_again(tab: WarehouseTab) -> None:
    await seen(tab)
    await decide(tab, b'{"order_id":7,"user_id":3,"order":[{"name":"laptop","quantity":-4}],"created_at":"now"}')
    tab.books.poll()
    pane = tab.set_aside
    await until(lambda: pane.model.rowCount() == 1)
    tab.pages.setCurrentWidget(pane)
    pane.view.select(0)
    assert pane.send_button.text() == "Correct..."
    pane.send_button.click()
    form = pane.details.form
    assert pane.details.pages.currentWidget() is form
    assert (form.lines.currentRow(), form.lines.currentColumn()) == (0, 1)
    assert form.lines.hasFocus()


@on_page(WarehouseTab)
async def test_what_was_set_aside_is_shown_byte_for_byte_as_plain_text(tab: WarehouseTab) -> None:
    await seen(tab)
    await decide(tab, b'<img src="x">\xff\x00')
    tab.books.poll()
    await until(lambda: tab.set_aside.model.rowCount() == 1)
    tab.pages.setCurrentWidget(tab.set_aside)
    tab.set_aside.view.select(0)
    assert tab.set_aside.details.raw.toPlainText().startswith('<img src="x">\\xff\\x00')


def test_bytes_that_are_no_text_are_written_as_numbers_and_long_ones_cut() -> None:
    assert shown_bytes(b"a\xffb\x1b[0m") == "a\\xffb\\x1b[0m"
    assert shown_bytes(b"x" * 70_000).endswith(f"{number(4464)} bytes more")
    assert dump(b"<b>\xff\x00") == f"000000  3c 62 3e ff 00{' ' * 33}  <b>.."


def test_an_order_in_the_name_of_another_is_taken_over_as_an_order_of_ones_own(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Order] = []

    def send(_session: Session, order: Order) -> "Future[None]":
        sent.append(order)
        done: Future[None] = Future()
        done.set_result(None)
        return done

    monkeypatch.setattr("desktop.warehouse.tab.send_order", send)
    theirs = order("laptop", 2)
    forged = Incoming(codec.encode(theirs), topology.NEW_ORDERS_QUEUE.name, {}, {"user_id": "mallory"})

    async def main() -> None:
        async with a_page(WarehouseTab, tmp_path) as tab:
            await seen(tab)
            await answer(tab.session.books.ask(lambda store: store.decide([forged])))
            tab.books.poll()
            pane = tab.set_aside
            await until(lambda: pane.model.rowCount() == 1)
            tab.pages.setCurrentWidget(pane)
            pane.view.select(0)
            assert pane.send_button.text() == "Take over..."
            pane.send_button.click()
            form = pane.details.form
            assert form.fields["user_id"].text() == tab.session.profile.user_id
            assert form.fields["user_id"].isReadOnly()
            assert form.send_button.text() == "Send in my name"
            form.send_button.click()
            await until(lambda: pane.model.rowCount() == 0)
            (kept,) = await answer(tab.session.books.ask(lambda store: store.set_aside.page(SetAsideState.DROPPED)))
            assert (kept.taken_by, kept.taken_as) == (tab.session.profile.user_id, sent[0].identity)
            pane.details.show_message(kept)
            assert "kept until" in pane.details.facts.text()
            assert "as order" in pane.details.facts.text()

    run(qapp, main())
    assert (sent[0].lines, sent[0].on_shortage) == (theirs.lines, theirs.on_shortage)
    assert sent[0].order_id != theirs.order_id


@pytest.mark.parametrize("is_vouched", [True, False])
@pytest.mark.parametrize("account", ["", "alice"])
def test_what_rabbitmq_vouched_for_need_not_be_taken_over(account: str, is_vouched: bool) -> None:
    properties: dict[str, object] = {"user_id": account} if account else {}
    kept = SetAside(1, b"", "", topology.NEW_ORDERS_QUEUE.name, {}, properties, "")
    operator = Operator("me", is_vouched)
    assert operator.must_take_over(kept, "alice") == (is_vouched and not account)
    assert operator.sends_as_own(kept, "alice") == is_vouched
    assert operator.must_take_over(kept, "bob") == (is_vouched or bool(account))
    assert not operator.must_take_over(msgspec.structs.replace(kept, queue="other"), "bob")
