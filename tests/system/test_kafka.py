"""The Kafka transport with a real broker: from a completion over the topic to its next occurrence."""

import ctypes
import json
import os
import re
import secrets
import time

import pytest
from brokers import BROKER, TLS_BROKER, Broker, CountedWay, kafka_settings, login, needs_kafka, produce, records
from services.certificates import make_certificate
from support import eventually, free_port, problem, raw_id, wait_until_settled

pytestmark = needs_kafka
DAILY = {"due_date": "2026-02-08T09:00", "recurring_type": "daily"}


def dead_letters(server):
    return server.rows("select origin, reason, bytes from dead_letters order by id")


def test_a_completion_goes_round_over_the_topic(start, topic):
    server = start(**kafka_settings(topic))
    user = server.register()
    current = user.create(**DAILY)
    for _ in range(5):
        user.toggle(current)
        current = user.child(current, within_s=60)
    assert current["occurrence"] == 6
    wait_until_settled(server)
    assert user.client.get("/health").json()["checks"]["events"]["transport"] == "kafka"
    metrics = user.client.get("/metrics").text
    assert 'rondo_events_published_total{transport="kafka"} 11' in metrics
    assert 'rondo_events_consumed_total{outcome="created"} 5' in metrics
    assert "events kafka" in server.output()
    assert "Kafka topic made" in server.output()
    assert "Kafka brings no events" not in server.output()
    assert not dead_letters(server)


def test_what_others_put_on_the_topic_is_taken_and_poison_holds_up_nothing(start, topic):
    # Nothing is relayed here: the server only listens to the topic.
    server = start(**kafka_settings(topic))
    user = server.register()
    warm_up = user.create()
    user.toggle(warm_up)
    wait_until_settled(server)
    task = user.create(**DAILY)
    with_child = user.toggle(task)
    user.child(task, within_s=60)
    for poison in (b"\xff\xfe not JSON", b"[]", b'{"event_type":"task-completed","task_id":"x"}', b"x" * 300_000):
        produce(BROKER, topic, task["user_id"], poison)
    eventually(lambda: len(dead_letters(server)) >= 4, 60, "the poison in the dead letters")
    bare = {"event_type": "task-completed", "task_id": task["id"], "user_id": task["user_id"]}
    produce(BROKER, topic, task["user_id"], json.dumps(bare | {"completed_at": with_child["completed_at"]}).encode())
    eventually(lambda: 'outcome="exists"' in user.client.get("/metrics").text, 60, "the bare event's effect")
    assert len(user.children(task)) == 1
    assert {origin for origin, _, _ in dead_letters(server)} == {"topic"}


def test_a_broker_that_restarts_in_the_middle_loses_nothing(start, topic, own_broker):
    server = start(**kafka_settings(topic, own_broker.address, EVENT_LOCAL_AFTER="500ms"))
    user = server.register()
    tasks = [user.create(**DAILY) for _ in range(30)]
    for task in tasks[:10]:
        user.toggle(task)
    own_broker.stop()
    for task in tasks[10:20]:
        began = time.monotonic()
        user.toggle(task)
        assert time.monotonic() - began < 5, "the answer waited for the broker"
    # The next occurrence appears all the same, and the events wait.
    for task in tasks[10:20]:
        user.child(task, within_s=30)
    assert server.rows("select count(*) from outbox")[0][0] > 0
    own_broker.start()
    for task in tasks[20:]:
        user.toggle(task)
    wait_until_settled(server)
    for task in tasks:
        user.child(task, within_s=60)
    assert not dead_letters(server)
    assert "Transport within reach again" in server.output()


def test_a_server_starts_answers_and_ends_without_its_broker(start, topic, tmp_path):
    broker = Broker(tmp_path).start()
    broker.stop()
    server = start(**kafka_settings(topic, broker.address, EVENT_LOCAL_AFTER="0s"))
    user = server.register()
    task = user.create(**DAILY)
    user.toggle(task)
    user.child(task, within_s=30)
    server.stop()
    broker.start()
    try:
        server.start()
        wait_until_settled(server)
        assert len(user.again().children(task)) == 1
    finally:
        server.stop()
        broker.kill()


@pytest.mark.sqlite
def test_when_a_million_events_wait_changes_are_refused_and_reading_goes_on(start, topic):
    """Rows of events that no broker took for a long time are put there past the server."""
    server = start(**kafka_settings(topic, f"127.0.0.1:{free_port()}", EVENT_LOCAL_AFTER="60m"))
    user = server.register()
    task = user.create(**DAILY)
    fill = """insert into outbox (sequence, owner) with recursive n(i) as
              (select 1000 union all select i + 1 from n where i < 1000997) select i, ? from n"""
    server.database.execute(fill, raw_id(user.id))
    last = user.create("the millionth")
    refused = user.client.post("/api/tasks", json={"title": "one too many"})
    problem(refused, 503)
    assert refused.headers["retry-after"] == "30"
    problem(user.client.patch(f"/api/tasks/{task['id']}", json={"status": "done"}), 503)
    assert user.get(task)["status"] == "pending" and {each["id"] for each in user.list()} == {task["id"], last["id"]}
    with server.client() as client:
        assert client.get("/readyz").status_code == 200
        assert "rondo_outbox_pending 1000000" in client.get("/metrics").text
    server.database.execute("delete from outbox where sequence >= 1000")
    user.toggle(task)


def test_killed_at_any_moment_each_completion_has_one_occurrence(start, topic):
    server = start(**kafka_settings(topic))
    user = server.register()
    tasks = [user.create(**DAILY) for _ in range(40)]
    for round_ in range(4):
        for task in tasks[round_ * 10 : round_ * 10 + 10]:
            user.toggle(task)
        server.kill()
        server.start()
        user.again()
    wait_until_settled(server)
    for task in tasks:
        user.child(task, within_s=60)
    assert not dead_letters(server)


def test_wrong_brokers_are_told_at_the_start(tmp_path):
    from support import run

    refused = run("serve", folder=tmp_path, env={"EVENT_TRANSPORT": "kafka", "DATABASE_URL": "sqlite:///x.db"})
    assert refused.returncode == 78
    assert "KAFKA_BROKERS=" in refused.stderr
    missing = os.fspath(tmp_path / "missing.pem")
    refused = run(
        "serve",
        folder=tmp_path,
        env={
            "KAFKA_BROKERS": "127.0.0.1:1",
            "KAFKA_SECURITY_PROTOCOL": "SSL",
            "KAFKA_SSL_CA_LOCATION": missing,
            "DATABASE_URL": "sqlite:///x.db",
        },
    )
    assert refused.returncode == 78, refused.stderr
    assert "ssl.ca.location" in refused.stderr or "missing.pem" in refused.stderr


def librdkafka_version():
    return ctypes.CDLL("librdkafka.so.1").rd_kafka_version() >> 8


SCRAM_FOR_KAFKA_4 = 0x020601  # older ones send a nonce that brokers of Kafka 4 refuse, whatever the password
FAULTS = {
    "another authority": ("KAFKA_SSL_CA_LOCATION", "certificate verify failed"),
    "a certificate for another name": ("KAFKA_BROKERS", "certificate verify failed"),
    "a wrong password": ("KAFKA_SASL_PASSWORD", "Invalid username or password"),
    "no encryption": ("KAFKA_SECURITY_PROTOCOL", "whether they speak PLAINTEXT"),
}


def goes_round(server, topic):
    """A completion, its event on the topic, its child from there: neither handled locally, nor mended by the sweep."""
    user = server.register()
    task = user.create(**DAILY)
    user.toggle(task)
    user.child(task, within_s=60)
    wait_until_settled(server)
    # Read where no login is asked for.
    assert [each["type"] for each in records(BROKER, topic)] == ["task.created", "task.completed", "task.created"]
    assert 'rondo_events_consumed_total{outcome="created"} 1' in user.client.get("/metrics").text
    assert "handled in this process" not in server.output()
    assert "lacked their next occurrence" not in server.output()


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
def test_a_completion_goes_round_with_tls_and_a_login(start, topic, mechanism):
    if mechanism != "PLAIN" and librdkafka_version() < SCRAM_FOR_KAFKA_4:
        pytest.skip("librdkafka before 2.6.1 cannot log in to Kafka 4 by SCRAM")
    server = start(**kafka_settings(topic, TLS_BROKER, EVENT_LOCAL_AFTER="60m", **login(mechanism)))
    goes_round(server, topic)


def test_the_password_may_be_in_a_file(start, topic, tmp_path):
    settings = login()
    file = tmp_path / "password"
    file.write_text(settings.pop("KAFKA_SASL_PASSWORD") + "\n")
    settings["KAFKA_SASL_PASSWORD_FILE"] = file
    server = start(**kafka_settings(topic, TLS_BROKER, EVENT_LOCAL_AFTER="60m", **settings))
    goes_round(server, topic)


@pytest.mark.skipif(librdkafka_version() >= SCRAM_FOR_KAFKA_4, reason="this librdkafka can")
def test_that_an_old_librdkafka_cannot_log_in_by_scram_is_told(start, topic):
    server = start(**kafka_settings(topic, TLS_BROKER, **login("SCRAM-SHA-512")))
    told = eventually(lambda: re.search("Kafka brings no events .*", server.output()), 30, "the reason in the log")
    assert "SCRAM login of librdkafka before 2.6.1" in told[0] and "PLAIN" in told[0]


@pytest.mark.parametrize("fault", FAULTS)
def test_what_keeps_it_from_the_brokers_is_told_once_and_then_what_waited_goes_out(start, topic, tmp_path, fault):
    right = login()
    make_certificate(tmp_path / "another")
    wrong = {
        "another authority": {"KAFKA_SSL_CA_LOCATION": tmp_path / "another" / "ca.pem"},
        "a certificate for another name": {},
        "a wrong password": {"KAFKA_SASL_PASSWORD": secrets.token_hex(16)},
        "no encryption": {"KAFKA_SECURITY_PROTOCOL": "PLAINTEXT"},
    }[fault]
    # The certificate is for 127.0.0.1 alone.
    with CountedWay(TLS_BROKER, "127.0.0.2" if fault == "a certificate for another name" else "127.0.0.1") as way:
        server = start(**kafka_settings(topic, way.address, EVENT_LOCAL_AFTER="1s", **(right | wrong)))
        user = server.register()
        task = user.create(**DAILY)
        began = time.monotonic()
        user.toggle(task)
        assert time.monotonic() - began < 5, "the answer waited for the broker"
        user.child(task, within_s=30)
        assert "handled in this process" in server.output()
        so_far = len(way.taken)
        eventually(lambda: len(way.taken) > so_far + 5, 60, "many attempts more")
        server.stop()
    for what in ("Kafka takes no events", "Kafka brings no events"):
        lines = re.findall(f"{what} .*", server.output())
        assert len(lines) == 1, lines
        assert all(part in lines[0] for part in FAULTS[fault]), lines
    for password in (right["KAFKA_SASL_PASSWORD"], wrong.get("KAFKA_SASL_PASSWORD", right["KAFKA_SASL_PASSWORD"])):
        assert password not in server.output()
    assert server.rows("select count(*) from outbox")[0][0] == 3

    server.env |= right | {"KAFKA_BROKERS": TLS_BROKER}
    server.start()
    wait_until_settled(server)
    assert [each["type"] for each in records(BROKER, topic)] == ["task.created", "task.completed", "task.created"]
    assert len(user.again().children(task)) == 1
    server.stop()
    assert right["KAFKA_SASL_PASSWORD"] not in server.output()
