"""Kafka and Dapr for the tests that need the real ones; tools/dev-services says where they are."""

import contextlib
import json
import os
import pathlib
import secrets
import shutil
import socket
import socketserver
import subprocess
import threading

import pytest
from support import free_port

from services import dapr, kafka

BROKER = os.environ.get("RONDO_TEST_KAFKA", "")
TLS_BROKER = os.environ.get("RONDO_TEST_KAFKA_TLS", "")  # the same broker, for those who log in
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


class CountedWay(socketserver.ThreadingTCPServer):
    """A port that leads to the broker and counts the connections that take this way. In a `with`, it is there."""

    daemon_threads = True

    def __init__(self, broker, host="127.0.0.1"):
        super().__init__((host, 0), self.Connection)
        self.broker = broker.split(":")
        self.taken = []
        self.address = f"{host}:{self.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    class Connection(socketserver.BaseRequestHandler):
        def handle(self):
            self.server.taken.append(self.client_address)
            with socket.create_connection(self.server.broker) as broker:
                back = threading.Thread(target=self.pump, args=(broker, self.request), daemon=True)
                back.start()
                self.pump(self.request, broker)
                back.join()

        @staticmethod
        def pump(source, target):
            with contextlib.suppress(OSError):
                while data := source.recv(65536):
                    target.sendall(data)
                target.shutdown(socket.SHUT_WR)


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


def login(mechanism="PLAIN", **more):
    """What it takes beside the settings above at TLS_BROKER."""
    return {
        "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
        "KAFKA_SSL_CA_LOCATION": os.environ["RONDO_TEST_KAFKA_CA"],
        "KAFKA_SASL_MECHANISM": mechanism,
        "KAFKA_SASL_USERNAME": os.environ["RONDO_TEST_KAFKA_USER"],
        "KAFKA_SASL_PASSWORD": os.environ["RONDO_TEST_KAFKA_PASSWORD"],
    } | more


def sidecar_logs_in(component, mechanism):
    """Adds to a sidecar's component what it takes at TLS_BROKER."""
    without = """    - name: authType
      value: "none"
"""
    fields = {
        "authType": "password",
        "saslMechanism": mechanism,
        "saslUsername": os.environ["RONDO_TEST_KAFKA_USER"],
        "saslPassword": os.environ["RONDO_TEST_KAFKA_PASSWORD"],
        "caCert": pathlib.Path(os.environ["RONDO_TEST_KAFKA_CA"]).read_text(),
    }
    text = component.read_text()
    assert without in text
    lines = "".join(f"    - name: {name}\n      value: {json.dumps(value)}\n" for name, value in fields.items())
    component.write_text(text.replace(without, lines))


def kcat():
    program = shutil.which("kcat") or shutil.which("kafkacat")
    assert program, "kcat is missing: apt-get install kafkacat"
    return program


def records(broker, topic):
    """What is on a topic now."""
    command = [kcat(), "-C", "-b", broker, "-t", topic, "-o", "beginning", "-e", "-q"]
    read = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return [json.loads(line) for line in read.stdout.splitlines()]


def partitions_of_keys(broker, topic):
    """On which partitions the records of each key lie."""
    command = [kcat(), "-C", "-b", broker, "-t", topic, "-o", "beginning", "-e", "-q", "-f", "%k %p\\n"]
    read = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    found = {}
    for line in read.stdout.splitlines():
        key, partition = line.split()
        found.setdefault(key, set()).add(int(partition))
    return found


def produce(broker, topic, key, value, **headers):
    """Puts a record on a topic, as another program would."""
    command = [kcat(), "-P", "-b", broker, "-t", topic, "-k", key, "-X", "allow.auto.create.topics=true"]
    for name, text in headers.items():
        command += ["-H", f"{name}={text}"]
    subprocess.run(command, input=value, check=True, timeout=60)


@pytest.fixture
def chain(tmp_path, start, topic):
    """Starts a server with a sidecar beside it: chain(broker=..., sidecar_env=..., VARIABLE=value) gives both."""
    sidecars = []

    def start_chain(broker=BROKER, sidecar_env=None, subscriptions=True, with_sidecar=True, mechanism=None, **env):
        port = free_port()
        resources = dapr.write_resources(tmp_path / "resources", broker, topic, f"group-{topic}")
        if mechanism:
            sidecar_logs_in(resources / "components-kafka-pubsub.yaml", mechanism)
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
