"""What docs/events.md says of a sidecar's routing rules: a field that an event may lack asks for has()."""

import http.server
import json
import threading

import pytest
from brokers import BROKER, needs_dapr, produce
from support import eventually

from services import dapr

pytestmark = needs_dapr
RULES = """
apiVersion: dapr.io/v2alpha1
kind: Subscription
metadata:
  name: rules
spec:
  pubsubname: kafka-pubsub
  topic: {topic}
  routes:
    rules:
      - match: {rule}
        path: /moved
    default: /others
"""
CANNOT = "error finding matching route"


class App(http.server.BaseHTTPRequestHandler):
    """A subscriber that notes what comes where."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer(b"[]" if self.path == "/dapr/subscribe" else b"{}")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.path, json.loads(body)["id"]))
        self.answer(b'{"status":"SUCCESS"}')

    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.mark.parametrize(
    "rule", ["event.data.moved_from != null", "has(event.data.moved_from)"], ids=["without has", "with has"]
)
def test_a_rule_on_a_field_that_may_be_absent_needs_has(tmp_path, topic, rule):
    for id_, moved in (("plain", {}), ("moved", {"moved_from": "2026-02-08"})):
        event = {"specversion": "1.0", "id": id_, "source": "todo-backend", "type": "task.updated", "data": moved}
        produce(BROKER, topic, "one", json.dumps(event).encode())
    resources = dapr.write_resources(tmp_path / "resources", BROKER, topic, f"group-{topic}")
    for path in (*resources.glob("subscriptions-*"), *resources.glob("resiliency-*")):
        path.unlink()
    (resources / "rules.yaml").write_text(RULES.format(topic=topic, rule=json.dumps(rule)))
    app = http.server.ThreadingHTTPServer(("127.0.0.1", 0), App)
    app.seen = []
    threading.Thread(target=app.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    sidecar = dapr.Sidecar(tmp_path / "sidecar", resources, app.server_port).start()
    try:
        if rule.startswith("has"):
            eventually(lambda: app.seen == [("/others", "plain"), ("/moved", "moved")], 60, "both, each at its path")
            assert CANNOT not in sidecar.output()
        else:
            # The event without the field cannot be routed at all, and the next one of its partition waits behind it.
            eventually(lambda: sidecar.output().count(CANNOT) >= 2, 60, "the rule's failure, and again")
            assert "no such key: moved_from" in sidecar.output()
            assert app.seen == []
    finally:
        sidecar.stop()
        app.shutdown()
        app.server_close()
