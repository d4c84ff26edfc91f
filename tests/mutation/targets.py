"""The modules that carry the promises, and the fast unit tests that concern each."""

UNIT = "tests/unit"
WAREHOUSE = f"{UNIT}/messaging/warehouse"
DECIDING = ("settling", "order_life", "whose_order", "setting_aside", "twins", "telling_senders")

TARGETS: dict[str, tuple[str, ...]] = {
    "messaging.warehouse.pipeline": (f"{WAREHOUSE}/test_pipeline.py",),
    "messaging.warehouse.relay": (f"{WAREHOUSE}/test_relay.py", f"{WAREHOUSE}/test_pipeline.py"),
    "messaging.runtime.batcher": (f"{UNIT}/messaging/runtime/test_batcher.py",),
    "messaging.broker.publisher": (f"{UNIT}/messaging/broker/test_publisher.py",),
    "messaging.broker.delivery": (
        f"{UNIT}/messaging/broker/test_consumer.py",
        f"{UNIT}/messaging/broker/test_getter.py",
    ),
    "messaging.broker.consumer": (f"{UNIT}/messaging/broker/test_consumer.py",),
    "messaging.broker.getter": (f"{UNIT}/messaging/broker/test_getter.py",),
    "messaging.client.outbox": (f"{UNIT}/messaging/client/test_outbox.py",),
    "messaging.history.subscription": (f"{UNIT}/messaging/history/test_subscription.py",),
    "messaging.warehouse.store.changes.decide_batch": tuple(f"{WAREHOUSE}/test_{name}.py" for name in DECIDING),
}
# The fixtures of a part's tests.
PLUGINS = {
    ".warehouse.store": "tests.helpers.books",
    ".warehouse.": "tests.helpers.warehouse_core",
    ".client.": "tests.helpers.history_core",
    ".history.": "tests.helpers.history_core",
}
