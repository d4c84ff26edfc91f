from msgspec import structs
from PySide6.QtCore import Qt

from desktop.notifications.tab import NotificationsTab
from desktop.role.worker import answer
from messaging.domain.orders import OrderStatus, new_order_id
from tests.helpers.pages import on_page, until
from tests.unit.desktop.notifications.helpers import hear, notice


@on_page(NotificationsTab)
async def test_opening_a_notice_shows_it_whole_and_marks_it_read(tab: NotificationsTab) -> None:
    who = tab.session.profile
    tab.start()
    await until(lambda: "Starting" in tab.toolbar.pill.text())
    await hear(tab, notice(who, 1), notice(who, 2, OrderStatus.REJECTED, "<b>no</b>"))
    await until(lambda: tab.notices.rowCount() == 2)
    tab.view.select(0)
    await until(lambda: tab.toolbar.unread.text() == "1 unread")
    assert '"reason": "<b>no</b>"' in tab.details.message.text.toPlainText()
    assert tab.details._reason.textFormat() is Qt.TextFormat.PlainText
    assert "<b>" not in tab.view.rows.index(0, 4).data(Qt.ItemDataRole.ToolTipRole)
    tab.toolbar.read_button.click()
    await until(lambda: tab.toolbar.unread.text() == "")
    assert all(kept.read for kept in tab.notices.rows())


@on_page(NotificationsTab)
async def test_the_details_tell_what_became_of_the_order(tab: NotificationsTab) -> None:
    who = tab.session.profile
    first = notice(who, 1)
    then = structs.replace(first, status=OrderStatus.SHIPPED, seq=2, event_id=new_order_id())
    await hear(tab, first, then, notice(who, 3))
    await tab._find()
    tab.show_order(1)
    await until(lambda: tab.details.timeline.rowCount() == 2)
    view = tab.details.timeline_view
    assert [view.rows.index(n, 2).data() for n in (0, 1)] == ["Processed", "Shipped"]


@on_page(NotificationsTab)
async def test_the_message_is_shown_with_what_travelled_beside_it(tab: NotificationsTab) -> None:
    travelled = '{"routing_key":"client.a.order.b","headers":{"traceparent":"00-1"}}'
    who = tab.session.profile
    await answer(tab.session.history.apply([notice(who, 1)], missed=False, headers=[travelled]))
    await hear(tab, notice(who, 2), missed=True)
    await tab._find()
    message = tab.details.message
    tab.show_order(1)
    await until(lambda: '"quantity": 1' in message.text.toPlainText())
    message.headers_button.click()
    await until(lambda: '"traceparent": "00-1"' in message.text.toPlainText())
    tab.show_order(2)
    await until(lambda: "It came with an answer" in message.text.toPlainText())
    message.body_button.click()
    assert '"quantity": 2' in message.text.toPlainText()
