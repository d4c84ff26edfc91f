"""What a test does on the warehouse's page."""

from desktop.role.worker import answer
from desktop.warehouse.tab import WarehouseTab
from messaging.contract import codec
from messaging.contract.topology import NEW_ORDERS_QUEUE
from messaging.domain.orders import OnShortage, Order, new_order
from messaging.warehouse.records import Decided, Incoming
from tests.helpers.pages import profile, until

USER = profile().user_id


async def seen(tab: WarehouseTab) -> None:
    await until(lambda: tab.stock.rowCount() == 10)


async def decide(tab: WarehouseTab, *orders: Order | bytes) -> list[Decided]:
    """As the pipeline would, without a broker."""
    bodies = [codec.encode(order) if isinstance(order, Order) else order for order in orders]
    batch = [Incoming(body, NEW_ORDERS_QUEUE.name) for body in bodies]
    decided = await answer(tab.session.books.ask(lambda store: store.decide(batch)))
    tab._show_decided([(one, 0.012) for one in decided])
    return decided


def order(name: str, quantity: int, on_shortage: OnShortage = OnShortage.REJECT) -> Order:
    return new_order(USER, [(name, quantity)], on_shortage)
