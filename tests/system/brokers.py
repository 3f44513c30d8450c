"""Kafka and Dapr for the tests that need the real ones; tools/dev-services says where they are."""

import os
import pathlib
import secrets
import shutil
import subprocess

import pytest
from support import free_port

from services import dapr, kafka

BROKER = os.environ.get("RONDO_TEST_KAFKA", "")
DAPRD = os.environ.get("RONDO_TEST_DAPRD", "")

needs_kafka = pytest.mark.skipif(not BROKER, reason="RONDO_TEST_KAFKA is not set: tools/dev-services start kafka")
needs_dapr = pytest.mark.skipif(
    not (BROKER and DAPRD),
    reason="RONDO_TEST_KAFKA and RONDO_TEST_DAPRD are not set: tools/dev-services start kafka dapr",
)


class Broker:
    """A broker of one test's own, to be ended and started again."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder) / "kafka"

    def start(self):
        self.address = kafka.start(self.folder)["RONDO_TEST_KAFKA"]
        return self

    def stop(self):
        kafka.stop(self.folder)

    def kill(self):
        kafka.kill(self.folder)


@pytest.fixture
def own_broker(tmp_path):
    broker = Broker(tmp_path).start()
    yield broker
    broker.kill()


@pytest.fixture
def topic():
    return f"tasks-{secrets.token_hex(6)}"


def kafka_settings(topic, broker=BROKER, **more):
    return {
        "EVENT_TRANSPORT": "kafka",
        "KAFKA_BROKERS": broker,
        "KAFKA_CONSUMER_GROUP": f"group-{topic}",
        "KAFKA_PARTITIONS": "3",
        "PUBSUB_TOPIC": topic,
    } | more


def produce(broker, topic, key, value):
    """Puts a record on a topic, as another program would."""
    program = shutil.which("kcat") or shutil.which("kafkacat")
    assert program, "kcat is missing: apt-get install kafkacat"
    command = [program, "-P", "-b", broker, "-t", topic, "-k", key, "-X", "allow.auto.create.topics=true"]
    subprocess.run(command, input=value, check=True, timeout=60)


@pytest.fixture
def chain(tmp_path, start, topic):
    """Starts a server with a sidecar beside it: chain(broker=..., sidecar_env=..., VARIABLE=value) gives both."""
    sidecars = []

    def start_chain(broker=BROKER, sidecar_env=None, subscriptions=True, with_sidecar=True, **env):
        port = free_port()
        resources = dapr.write_resources(tmp_path / "resources", broker, topic, f"group-{topic}")
        if not subscriptions:
            for path in resources.glob("subscriptions-*"):
                path.unlink()
        sidecar = dapr.Sidecar(tmp_path / "sidecar", resources, port, sidecar_env)
        sidecars.append(sidecar)
        settings = {"EVENT_TRANSPORT": "dapr", "DAPR_HTTP_PORT": sidecar.port, "PUBSUB_TOPIC": topic, "PORT": port}
        server = start(**(settings | env))
        if with_sidecar:
            sidecar.start()
        return server, sidecar

    yield start_chain
    for sidecar in sidecars:
        sidecar.stop()
