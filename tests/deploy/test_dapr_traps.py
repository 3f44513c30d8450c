"""What the sidecar's settings are for, shown with the real one: each trap that the files keep clear of does stop or hurt."""

import contextlib
import http.client
import json
import os
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import yaml
from files import DEPLOY, load, metadata_of, pick, rendered
from support import eventually

from services import dapr, running

BROKER = os.environ.get("RONDO_TEST_KAFKA", "")
pytestmark = pytest.mark.skipif(
    not (BROKER and os.environ.get("RONDO_TEST_DAPRD")),
    reason="RONDO_TEST_KAFKA and RONDO_TEST_DAPRD are not set: tools/dev-services start kafka dapr",
)
DELIVERED_AT = "/api/events/task-completed"


class App:
    """Takes what a sidecar brings, and keeps it: path, token and the event's data."""

    def __init__(self):
        self.taken = taken = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self, status, body=b""):
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                self.answer(200, b"[]") if self.path == "/dapr/subscribe" else self.answer(404)

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                taken.append((self.path, self.headers.get("dapr-api-token"), json.loads(body).get("data")))
                self.answer(200)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def app():
    one = App()
    yield one
    one.close()


@pytest.fixture
def sidecar(tmp_path, app):
    """Starts one with the files of deploy/dapr, on a topic of its own: sidecar(change=..., flags=..., env=...)."""
    started = []
    topic = f"tasks-{secrets.token_hex(6)}"

    def start(change=None, flags=(), env=None):
        resources = dapr.write_resources(tmp_path / f"resources{len(started)}", BROKER, topic, f"group-{topic}")
        if change:
            for path in resources.iterdir():
                objects = load(path)
                for one in objects:
                    change(one)
                path.write_text(yaml.safe_dump_all(objects))
        one = dapr.Sidecar(tmp_path / f"sidecar{len(started)}", resources, app.port, env, flags)
        one.topic = topic
        started.append(one)
        return one.start()

    yield start
    for one in started:
        one.stop()


def publish(sidecar, data, token=None):
    connection = http.client.HTTPConnection("127.0.0.1", sidecar.port, timeout=30)
    try:
        headers = {"Content-Type": "application/json"} | ({"dapr-api-token": token} if token else {})
        connection.request("POST", f"/v1.0/publish/kafka-pubsub/{sidecar.topic}", json.dumps(data), headers)
        return connection.getresponse().status
    finally:
        connection.close()


def set_metadata(name, value):
    """Gives the component another value; None takes it away."""

    def change(one):
        if one["kind"] == "Component":
            kept = [setting for setting in one["spec"]["metadata"] if setting["name"] != name]
            one["spec"]["metadata"] = kept + ([{"name": name, "value": value}] if value else [])

    return change


def end_of(start):
    """What a sidecar says that ends by itself at its start. It loads components beside its start, so that for an instant it may call itself
    ready."""
    try:
        one = start()
    except SystemExit as ended:
        return str(ended)
    eventually(lambda: running.pid_of(one.folder) is None, 30, "the end of the sidecar")
    return one.output()


# What a sidecar says that stands alone on a machine and was built without what nothing here uses.
OF_NO_CONCERN = [
    "mTLS is disabled",
    "increasedCardinality",
    "placement service is not configured",
    "No scheduler host addresses",
    "find name resolver mdns",
]


def complaints(output):
    """Its lines that are neither information nor known to be of no concern."""
    return [
        line
        for line in output.splitlines()
        if "level=info" not in line and not any(known in line for known in OF_NO_CONCERN)
    ]


def annotations():
    template = pick(rendered("minikube"), "Deployment", "todo-backend")["spec"]["template"]
    return template["metadata"]["annotations"]


def test_the_files_load_without_a_complaint_and_deliver(sidecar, app):
    one = sidecar(flags=("--dapr-listen-addresses", annotations()["dapr.io/sidecar-listen-addresses"]))
    assert publish(one, {"n": 1}) == 204
    eventually(lambda: (DELIVERED_AT, None, {"n": 1}) in app.taken, 60, "the delivery")
    output = one.output()
    assert "Component loaded: kafka-pubsub (pubsub.kafka/v1)" in output
    for name in ("task-completed-subscription", "dead-letter-subscription"):
        assert f"Found Subscription: {name}" in output
    assert not complaints(output), output


def test_the_kubernetes_files_are_those_with_another_broker():
    objects = rendered("minikube")
    for kind in ("Component", "Subscription", "Resiliency"):
        for path in sorted((DEPLOY / "dapr").glob("*/*.yaml")):
            for local in pick(load(path), kind):
                deployed = pick(objects, kind, local["metadata"]["name"])
                if kind == "Component":
                    assert metadata_of(deployed) == metadata_of(local) | {"brokers": metadata_of(deployed)["brokers"]}
                else:
                    assert deployed["spec"] == local["spec"]


def test_listen_addresses_with_a_port_end_the_sidecar(sidecar):
    said = end_of(lambda: sidecar(flags=("--dapr-listen-addresses", "0.0.0.0:3500")))
    assert "too many colons in address" in said, said


def test_a_component_without_an_auth_type_ends_the_sidecar(sidecar):
    said = end_of(lambda: sidecar(set_metadata("authType", None)))
    assert "authType" in said, said


def test_a_route_of_the_old_form_is_passed_over_in_silence_and_events_end_in_the_dead_letters(sidecar, app):
    def old_form(one):
        if one["kind"] == "Subscription" and "deadLetterTopic" in one["spec"]:
            one["spec"]["route"] = one["spec"].pop("routes")["default"]

    one = sidecar(old_form)
    assert publish(one, "missed") == 204
    eventually(lambda: app.taken, 60, "a delivery")
    assert [path for path, _, _ in app.taken] == ["/api/events/dead-letters"]
    assert not complaints(one.output())


def test_the_newest_offset_loses_what_was_published_before_the_first_join(sidecar, app):
    def unsubscribed(one):
        if one["kind"] == "Subscription":
            one["scopes"] = ["another-app"]

    publisher = sidecar(unsubscribed)
    assert publish(publisher, "before") == 204
    newest = sidecar(set_metadata("initialOffset", "newest"))
    eventually(lambda: publish(newest, "after") == 204 and (DELIVERED_AT, None, "after") in app.taken, 60, "a delivery")
    assert (DELIVERED_AT, None, "before") not in app.taken


def test_the_oldest_offset_brings_it(sidecar, app):
    def unsubscribed(one):
        if one["kind"] == "Subscription":
            one["scopes"] = ["another-app"]

    publisher = sidecar(unsubscribed)
    assert publish(publisher, "before") == 204
    sidecar()
    eventually(lambda: (DELIVERED_AT, None, "before") in app.taken, 60, "the event of before")


def test_a_limit_of_1024_bytes_refuses_an_ordinary_event(sidecar):
    assert publish(sidecar(set_metadata("maxMessageBytes", "1024")), "x" * 2000) == 500
    assert publish(sidecar(), "x" * 2000) == 204


def test_tokens_are_asked_for_and_given_in_both_directions(sidecar, app):
    one = sidecar(env={"DAPR_API_TOKEN": "to-the-sidecar", "APP_API_TOKEN": "to-the-app"})
    assert publish(one, "x") == 401
    assert publish(one, "x", token="to-the-sidecar") == 204
    eventually(lambda: (DELIVERED_AT, "to-the-app", "x") in app.taken, 60, "the delivery")


def test_the_sidecar_ends_when_the_broker_is_away_at_its_start(tmp_path, app):
    """So it needs something that starts it again: the kubelet, or `restart` in a compose file."""
    resources = dapr.write_resources(tmp_path / "resources", "127.0.0.1:1", "t", "g")
    one = dapr.Sidecar(tmp_path / "sidecar", resources, app.port)
    with contextlib.suppress(SystemExit):  # raised when it ends before it was ready
        one.start()
    eventually(lambda: running.pid_of(one.folder) is None, 60, "its end")
