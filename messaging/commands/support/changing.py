"""Finding an order and publishing changes, for the commands that change the warehouse's books."""

from collections.abc import Collection, Sequence

from messaging.broker.choose import running_broker
from messaging.broker.one_shot_publisher import OneShotPublisher
from messaging.broker.publisher import Outgoing, Receipt
from messaging.commands.support.formatting import lines_in_words
from messaging.commands.support.terminal import print_error
from messaging.errors import BrokerRefused, BrokerUnavailable, UsageError, WrongMove
from messaging.phrases import phrase
from messaging.runtime.settings import Settings
from messaging.texts import copied_id
from messaging.warehouse.records import Event, WarehouseOrder
from messaging.warehouse.relay import event_message, stock_messages
from messaging.warehouse.store.books_identity import BooksIdentity
from messaging.warehouse.store.warehouse_store import WarehouseStore

OPTIONS = ("broker", "database", "data_dir", "log_level")
ARRIVED = (Receipt.CONFIRMED, Receipt.UNROUTABLE)  # a notice may have no listener
LATER = "It is in the books, and reaches the users and clients with a warehouse that runs on these books."


def find_order(store: WarehouseStore, name: str, users: dict[str, str]) -> WarehouseOrder:
    """Find an order by its id, its identity or a unique beginning of it; `users`: names by id. Raises UsageError,
    WrongMove."""
    name = copied_id(name)
    if not name:
        raise UsageError(phrase("changing.an_orders_id_is_missing_see"))
    found = store.orders.called(name)
    if not found:
        raise WrongMove(phrase("changing.there_is_no_order_in_the", name=name[:120]))
    if len({order.order_id for order in found}) > 1:
        some = ", ".join(str(order.order_id) for order in found[:2])
        raise UsageError(phrase("cancel.is_more_than_one_order_give", name=name[:120], some=some))
    if len(found) > 1:
        whose = ", ".join(f"{order.identity} of {user_name(order.user_id, users)}" for order in found)
        raise UsageError(phrase("changing.several_orders_have_the_id_give", name=name[:120], whose=whose))
    return found[0]


def publish_changes(
    store: WarehouseStore, settings: Settings, events: Sequence[Event], names: Collection[str] = ()
) -> None:
    """Publish these events and the stock of these products if RabbitMQ can be reached. Else a line is printed: the
    events are in the books, and the next warehouse that serves them publishes what is owed."""
    broker = running_broker(settings)
    if broker is None:
        _later("The private RabbitMQ is not running.")
        return
    names = {*names, *(line.name for event in events for line in event.notice.lines)}
    try:
        with OneShotPublisher(broker, settings, "warehouse command") as publisher:
            books = store.identity()
            messages = [event_message(event, books) for event in events]
            receipts = publisher.deliver([*messages, *_stock(store, names, books)])
    except (BrokerUnavailable, BrokerRefused) as error:
        _later(str(error))
        return
    arrived = [event.seq for event, receipt in zip(events, receipts, strict=False) if receipt in ARRIVED]
    store.events.mark_published(arrived)
    if len(arrived) < len(events):
        _later("RabbitMQ did not take all of it.")


def in_words(event: Event, users: dict[str, str]) -> str:
    notice = event.notice
    reason = f"  ({notice.reason})" if notice.reason else ""
    who = user_name(notice.user_id, users)
    return f"{notice.status:11} {notice.order_id} of {who}: {lines_in_words(notice.lines)}{reason}"


def user_name(user_id: str | int, users: dict[str, str]) -> str:
    return users.get(str(user_id), str(user_id))


def _stock(store: WarehouseStore, names: Collection[str], books: BooksIdentity) -> list[Outgoing]:
    levels = store.stock.levels(names)
    if any(level.withdrawn for level in levels):
        return stock_messages(store.stock.levels(), full=True, books=books)
    return stock_messages(levels, full=False, books=books) if levels else []


def _later(why: str) -> None:
    print_error(f"{why} {LATER}")
