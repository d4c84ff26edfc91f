"""What others have done to our exchanges and queues: the doctor names it, and mends what is safe to mend."""

import pytest

from messaging.broker.diagnostics.doctor import State
from messaging.broker.diagnostics.probe import Probe
from messaging.contract import topology
from messaging.contract.topology import Policy
from tests.helpers.accounts import client_account
from tests.helpers.amqp import depth, publish
from tests.helpers.doctored_vhost import Clinic
from tests.helpers.waiting import eventually

ORDERS, STOCK, DEAD = topology.NEW_ORDERS.name, topology.INVENTORY.name, topology.DEAD_LETTERS.name


def test_nothing_of_others_is_one_line_each(clinic: Clinic) -> None:
    clinic.do(lambda c, answer: c.queue_declare("", exclusive=True, callback=answer))
    found = clinic.look()
    assert found["bindings of others"].state is State.OK
    assert found["rules of others"].state is State.OK
    assert {one.state for one in found.values()} == {State.OK}


@pytest.mark.parametrize(
    "bound",
    [(STOCK, ORDERS, ""), (STOCK, topology.QUESTIONS.name, "question"), ("amq.topic", DEAD, "#"), (DEAD, ORDERS, "")],
    ids=lambda bound: f"{bound[0]} to {bound[1]}",
)
def test_an_exchange_that_is_bound_to_ours_is_named_and_unbound(clinic: Clinic, bound: tuple[str, str, str]) -> None:
    source, destination, key = bound
    clinic.do(lambda c, answer: c.exchange_bind(destination, source, key, callback=answer))
    name = f"binding {source} -> {destination}"
    before = clinic.look()[name]
    assert before.state is State.PROBLEM
    assert f"into {destination}" in before.words
    assert clinic.look(fix=True)[name].state is State.MENDED
    after = clinic.look()
    assert name not in after
    assert {one.state for one in after.values()} == {State.OK}
    ours = {(one.exchange.name, one.queue.name, one.key) for one in topology.BINDINGS}
    rows = [row for row in clinic.admin.bindings(clinic.vhost) if row["source"]]
    kept = {(row["source"], row["destination"], row["routing_key"]) for row in rows}
    assert kept == ours


def test_a_client_s_binding_is_unbound_after_its_account_has_gone(clinic: Clinic) -> None:
    with client_account(clinic.admin, clinic.url, "mallory") as url, Probe(url, "mallory") as mallory:
        mallory.do(lambda c, answer: c.exchange_bind(ORDERS, STOCK, "", callback=answer))
    assert clinic.look(fix=True)[f"binding {STOCK} -> {ORDERS}"].state is State.MENDED


@pytest.mark.parametrize(
    "bound",
    [
        ("amq.topic", "new_orders_queue", "#", State.PROBLEM),
        (ORDERS, "new_orders_queue", "another", State.PROBLEM),
        (STOCK, "order_commands_queue", "", State.PROBLEM),
        (ORDERS, "copies", "", State.NOTE),
        (DEAD, "copies", "", State.NOTE),
        (topology.NOTIFICATIONS.name, "copies", "#", State.NOTE),
    ],
)
def test_a_queue_that_is_bound_otherwise_is_named_with_the_command_to_unbind_it(
    clinic: Clinic, bound: tuple[str, str, str, State]
) -> None:
    source, queue, key, state = bound
    clinic.do(lambda c, answer: c.queue_declare("copies", durable=True, callback=answer))
    clinic.do(lambda c, answer: c.queue_bind(queue, source, key, callback=answer))
    found = clinic.look(fix=True)[f"binding {source} -> {queue}"]
    assert found.state is state
    assert "curl -X DELETE -u operator" in found.repair
    assert f"/e/{source}/q/{queue}/" in found.repair
    assert "@" not in found.repair, "no password"


def test_an_exchange_of_others_that_gets_copies_is_noted_and_stays(clinic: Clinic) -> None:
    clinic.do(lambda c, answer: c.exchange_bind("amq.fanout", ORDERS, "", callback=answer))
    for _ in range(2):
        found = clinic.look(fix=True)[f"binding {ORDERS} -> amq.fanout"]
        assert found.state is State.NOTE


def test_a_name_that_is_not_printable_is_shown_escaped(clinic: Clinic) -> None:
    name = "evil\x1b[31m\u202e"
    clinic.do(lambda c, answer: c.queue_declare(name, durable=True, callback=answer))
    clinic.do(lambda c, answer: c.queue_bind(name, ORDERS, "\x1b]", callback=answer))
    texts = [text for one in clinic.look().values() for text in (one.name, one.words)]
    assert any("evil" in text for text in texts)
    assert all(text.isprintable() for text in texts)


@pytest.mark.parametrize(
    ("pattern", "definition", "named"),
    [
        ("^new_orders_queue$", {"message-ttl": 1500}, "rule message-ttl of new_orders_queue"),
        ("queue", {"max-length": 10}, "rule max-length of order_commands_queue"),
        ("^dead_letter_queue$", {"expires": 60000}, "rule expires of dead_letter_queue"),
        ("^new", {"max-length-bytes": 100}, "rule max-length-bytes of new_orders_queue"),
    ],
)
def test_an_operator_policy_over_our_queues_is_named(
    clinic: Clinic, pattern: str, definition: dict[str, str | int], named: str
) -> None:
    clinic.admin.set_operator_policy(clinic.vhost, Policy("short", pattern, "queues", definition))
    found = clinic.look(fix=True)
    assert found[named].state is State.PROBLEM
    (value,) = definition.values()
    assert f"operator policy short sets it to {value}" in found[named].words
    assert "rabbitmqctl clear_operator_policy" in found[named].repair


def test_orders_that_ran_out_of_time_are_explained_by_the_doctor(clinic: Clinic) -> None:
    """Case 30: no warehouse, and an operator policy lets orders live for 1.5 seconds."""
    clinic.admin.set_operator_policy(clinic.vhost, Policy("ttl", "^new_orders_queue$", "queues", {"message-ttl": 1500}))
    publish(clinic.url, ORDERS, "", [b"an order"])
    eventually(lambda: depth(clinic.url, "dead_letter_queue") == 1)
    assert "1500" in clinic.look()["rule message-ttl of new_orders_queue"].words


def test_policies_of_others_with_more_than_ours_are_named_and_harmless_keys_are_not(clinic: Clinic) -> None:
    for ours in topology.POLICIES[:2]:
        more = ours.definition | {"max-length": 9, "overflow": "drop-head"}
        changed = Policy(ours.name, ours.pattern, ours.apply_to, more, ours.priority)
        clinic.admin.set_policy(clinic.vhost, changed)
    set_policy = clinic.admin.set_policy
    set_policy(clinic.vhost, Policy("elsewhere", "^notification_exchange$", "exchanges", {"alternate-exchange": "x"}))
    set_policy(clinic.vhost, Policy("asked again", "^warehouse_query_queue$", "queues", {"message-ttl": 5000}))
    found = clinic.look()
    problems = {name for name, one in found.items() if one.state is State.PROBLEM}
    assert problems == {
        "rule max-length of new_orders_queue",
        "rule overflow of new_orders_queue",
        "rule max-length of order_commands_queue",
        "rule overflow of order_commands_queue",
        "rule alternate-exchange of notification_exchange",
    }


@pytest.mark.parametrize(
    ("arguments", "named"),
    [({"x-message-ttl": 1000}, "x-message-ttl"), ({"x-max-length": 5}, "x-max-length"), ({"x-expires": 9999}, "x-exp")],
)
def test_an_argument_of_a_queue_is_named(clinic: Clinic, arguments: dict[str, int], named: str) -> None:
    name = "new_orders_queue"
    clinic.admin.delete_queue(clinic.vhost, name)
    clinic.do(lambda c, answer: c.queue_declare(name, durable=True, arguments=arguments, callback=answer))
    found = clinic.look(fix=True)[f"queue {name}"]
    assert found.state is State.PROBLEM
    assert named in found.words


def test_an_alternate_exchange_is_named(clinic: Clinic) -> None:
    arguments = {"alternate-exchange": "amq.fanout"}
    clinic.do(lambda c, answer: c.exchange_delete(ORDERS, callback=answer))
    clinic.do(lambda c, answer: c.exchange_declare(ORDERS, "direct", False, True, arguments=arguments, callback=answer))
    found = clinic.look()[f"exchange {ORDERS}"]
    assert found.state is State.PROBLEM
    assert "alternate-exchange" in found.words


def test_without_management_it_says_what_it_could_not_look_at(clinic: Clinic) -> None:
    found = clinic.look(management_url="http://nobody:nothing@127.0.0.1:1")
    for name in ("bindings of others", "rules of others", "limits of accounts", "queues of others"):
        assert found[name].state is State.UNKNOWN
