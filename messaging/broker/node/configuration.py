"""The private node's configuration: its environment, rabbitmq.conf and definitions."""

import base64
import hashlib
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

import msgspec

from messaging.broker.node.files import Identity, NodeFolder, write_private
from messaging.contract import topology

MARK = "-order_desk_node"  # an argument that Erlang ignores, by which its processes are found
VHOST = "/"

CONFIG = """\
listeners.tcp.1 = 127.0.0.1:{amqp}
management.tcp.ip = 127.0.0.1
management.tcp.port = {management}
load_definitions = {definitions}
# One person's node: it must neither take the machine nor stand still for a laptop's full disk.
vm_memory_high_watermark.absolute = 768MB
disk_free_limit.absolute = 100MB
# Quorum queues keep in memory what is in their log; RabbitMQ's default of 512 MB would reach the limit above.
raft.wal_max_size_bytes = 67108864
# RabbitMQ's own default from 4.0; before it is 128 MB.
max_message_size = 16777216
log.file.rotation.size = 5242880
log.file.rotation.count = 2
"""

# No busy waiting of Erlang's schedulers: an idle node costs next to nothing.
ERLANG_ARGUMENTS = "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none"


def write_configuration(folder: NodeFolder, identity: Identity, series: str, cluster: str) -> None:
    """`series` of RabbitMQ, such as "3.10"; `cluster`: the name of the node's data, which RabbitMQ reports as its
    cluster name."""
    folder.make()
    ports = identity.ports
    # A relative name, as the node starts in this folder: a `#` in a path would begin a comment.
    config = CONFIG.format(amqp=ports.amqp, management=ports.management, definitions=folder.definitions.name)
    write_private(folder.config, config.encode())
    write_private(folder.definitions, msgspec.json.encode(definitions(identity, queue_type(series), cluster)))
    write_private(folder.plugins, b"[rabbitmq_management].\n")
    write_private(folder.cookie, identity.cookie.encode(), mode=0o400)


def environment(folder: NodeFolder, identity: Identity, data: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """Every variable of RabbitMQ is set: one that is left out would be read from the system's own files."""
    rabbitmq = {
        "NODENAME": identity.node,
        "NODE_IP_ADDRESS": "127.0.0.1",
        "NODE_PORT": identity.ports.amqp,
        "DIST_PORT": identity.ports.distribution,
        "CONFIG_FILE": folder.config,
        "ADVANCED_CONFIG_FILE": folder.root / "advanced.config",
        "CONF_ENV_FILE": folder.root / "rabbitmq-env.conf",
        "ENABLED_PLUGINS_FILE": folder.plugins,
        "MNESIA_BASE": data,
        "LOG_BASE": folder.logs,
        "PID_FILE": folder.root / "rabbitmq.pid",
        "GENERATED_CONFIG_DIR": folder.root / "generated",
        "SERVER_ADDITIONAL_ERL_ARGS": f"{ERLANG_ARGUMENTS} {MARK} {folder.mark(identity)}",
    }
    kept = {name: value for name, value in environ.items() if not name.startswith(("RABBITMQ_", "ERL_"))}
    return (
        kept
        | {f"RABBITMQ_{name}": str(value) for name, value in rabbitmq.items()}
        | epmd_environment(identity)
        | {
            "HOME": str(folder.home),
            # For every Erlang that the script starts, the short-lived one that looks for epmd included.
            "ERL_FLAGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            # The script then becomes the node, instead of staying as a parent that must pass signals on.
            "RUNNING_UNDER_SYSTEMD": "true",
        }
    )


def epmd_environment(identity: Identity) -> dict[str, str]:
    return {"ERL_EPMD_ADDRESS": "127.0.0.1", "ERL_EPMD_PORT": str(identity.ports.epmd)}


def queue_type(series: str) -> str:
    """From 3.13 a classic queue confirms before the message is on disk: a power cut could take an accepted order.

    A quorum queue syncs first. It is the virtual host's default, not an argument: whoever declares the queue
    without arguments, as programs written to the original contract do, means the same one.
    """
    numbers = tuple(int(number) for number in re.findall(r"\d+", series))
    return "quorum" if numbers >= (3, 13) else "classic"


def definitions(identity: Identity, kind: str, cluster: str) -> dict[str, object]:
    """RabbitMQ's definitions file: the operator, and the topology; read at each start of the node.

    `kind`: of the durable queues, as the default of the virtual host.
    """
    return {
        "global_parameters": [{"name": "cluster_name", "value": cluster}],
        "users": [_operator(identity)],
        "vhosts": [{"name": VHOST, "metadata": {"default_queue_type": kind}}],
        "parameters": [
            {
                "vhost": VHOST,
                "component": "vhost-limits",
                "name": "limits",
                "value": {"max-queues": topology.MOST_QUEUES},
            }
        ],
        "permissions": [{"user": identity.user, "vhost": VHOST, "configure": ".*", "write": ".*", "read": ".*"}],
        "policies": [
            {
                "vhost": VHOST,
                "name": policy.name,
                "pattern": policy.pattern,
                "apply-to": policy.apply_to,
                "definition": policy.definition,
                "priority": policy.priority,
            }
            for policy in topology.POLICIES
        ],
        "exchanges": [
            {"vhost": VHOST, "name": exchange.name, "type": exchange.kind.value, "internal": False, **_DURABLE}
            for exchange in topology.EXCHANGES
        ],
        "queues": [{"vhost": VHOST, "name": queue.name, **_DURABLE} for queue in topology.DECLARED_QUEUES],
        "bindings": [
            {
                "vhost": VHOST,
                "source": binding.exchange.name,
                "destination": binding.queue.name,
                "destination_type": "queue",
                "routing_key": binding.key,
                "arguments": {},
            }
            for binding in topology.BINDINGS
        ],
    }


_DURABLE: dict[str, object] = {"durable": True, "auto_delete": False, "arguments": {}}


def _operator(identity: Identity) -> dict[str, object]:
    """RabbitMQ's salted hash: four bytes of salt, then SHA-256 of salt and password, in base64."""
    salt = secrets.token_bytes(4)
    digest = hashlib.sha256(salt + identity.password.encode()).digest()
    return {
        "name": identity.user,
        "password_hash": base64.b64encode(salt + digest).decode(),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": ["administrator"],
        "limits": topology.PRIVATE_LIMITS.definition,
    }
