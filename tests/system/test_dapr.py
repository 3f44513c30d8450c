"""The Dapr transport with a real sidecar and a real broker: from a completion through both and back."""

import json
import os
import re
import subprocess
from runpy import run_path

import pytest
from brokers import BROKER, TLS_BROKER, kafka_settings, needs_dapr, partitions_of_keys, produce, records
from support import ROOT, eventually, wait_until_settled

pytestmark = needs_dapr
DAILY = {"due_date": "2026-02-08T09:00", "recurring_type": "daily"}


def dead_letters(server):
    return server.rows("select origin, reason, bytes from dead_letters order by id")


def consumed(user, outcome):
    return f'rondo_events_consumed_total{{outcome="{outcome}"}}' in user.client.get("/metrics").text


def curl(sidecar, topic, body, content_type="application/json"):
    url = f"http://127.0.0.1:{sidecar.port}/v1.0/publish/kafka-pubsub/{topic}"
    command = ["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "-X", "POST", url]
    asked = subprocess.run(
        [*command, "-H", f"Content-Type: {content_type}", "-d", body], capture_output=True, text=True, timeout=60
    )
    assert asked.stdout == "204", asked


def test_a_completion_goes_round_through_the_sidecar(chain):
    tokens = {"DAPR_API_TOKEN": "to-the-sidecar", "APP_API_TOKEN": "to-the-app"}
    server, sidecar = chain(sidecar_env=tokens, **tokens)
    user = server.register()
    current = user.create(**DAILY)
    for _ in range(5):
        user.toggle(current)
        current = user.child(current, within_s=60)
    assert current["occurrence"] == 6
    wait_until_settled(server)
    assert user.client.get("/health").json()["checks"]["events"]["transport"] == "dapr"
    metrics = user.client.get("/metrics").text
    assert 'rondo_events_published_total{transport="dapr"} 11' in metrics
    assert "events dapr" in server.output()
    assert "events are handled in this process" not in server.output()
    assert not dead_letters(server)
    for secret in tokens.values():
        assert secret not in server.output()


def test_the_tour_of_run_dapr_gives_what_it_says_at_the_speed_of_pasting(chain):
    server, _ = chain()
    tour = run_path(str(ROOT / "tools/run-dapr"))["SHOW"].format(port=server.port, broker=BROKER)
    commands = "\n".join(line for line in tour.splitlines() if line.startswith("  "))
    assert commands.count("curl") == 4
    for _ in range(8):
        pasted = subprocess.run(["bash"], input=commands, capture_output=True, text=True, timeout=120)
        toggled, *children = pasted.stdout.strip().splitlines()
        assert json.loads(toggled)["status"] == "done", pasted
        (child,) = json.loads(children[0])
        assert child["parent_task_id"] == json.loads(toggled)["id"] and child["occurrence"] == 2, pasted
        assert pasted.stderr == ""
    assert 'rondo_events_consumed_total{outcome="created"} 8' in metrics_of(server)


def metrics_of(server):
    with server.client() as client:
        return client.get("/metrics").text


@pytest.mark.parametrize("mechanism", ["PLAINTEXT", "SHA-256", "SHA-512"])
def test_a_completion_goes_round_through_a_sidecar_that_logs_in_over_tls(chain, topic, mechanism):
    server, sidecar = chain(broker=TLS_BROKER, mechanism=mechanism, EVENT_LOCAL_AFTER="60m")
    user = server.register()
    task = user.create(**DAILY)
    user.toggle(task)
    user.child(task, within_s=60)
    wait_until_settled(server)
    assert consumed(user, "created")
    assert "lacked their next occurrence" not in server.output()
    assert len(records(BROKER, topic)) == 3
    assert os.environ["RONDO_TEST_KAFKA_PASSWORD"] not in sidecar.output()


def test_the_bare_event_of_another_program_is_taken(chain, topic):
    server, sidecar = chain()
    user = server.register()
    task = user.create(**DAILY)
    user.toggle(task)
    user.child(task, within_s=60)
    bare = f'{{"event_type":"task-completed","task_id":"{task["id"]}","user_id":"{task["user_id"]}"}}'
    curl(sidecar, topic, bare)
    eventually(lambda: consumed(user, "exists"), 60, "the bare event's effect")
    assert len(user.children(task)) == 1
    assert not dead_letters(server)


def test_poison_ends_in_the_dead_letters_and_holds_up_nothing(chain, topic):
    server, sidecar = chain()
    user = server.register()
    task = user.create(**DAILY)
    curl(sidecar, topic, '{"no":"event"}')
    # What the sidecar itself cannot read goes by its own dead-letter topic.
    produce(BROKER, topic, task["user_id"], b"\xff not JSON")
    eventually(lambda: len(dead_letters(server)) >= 2, 90, "both in the dead letters")
    user.toggle(task)
    user.child(task, within_s=90)
    wait_until_settled(server)
    # One each, although the sidecar has a dead-letter topic, too.
    assert {origin for origin, _, _ in dead_letters(server)} == {"endpoint", "dapr"}
    assert 'rondo_events_consumed_total{outcome="dropped"} 2' in metrics_of(server)
    assert len(dead_letters(server)) == 2


@pytest.mark.parametrize("way", ["kafka", "dapr"])
def test_a_record_has_one_outcome_whichever_way_it_comes(chain, start, topic, way):
    server = start(**kafka_settings(topic)) if way == "kafka" else chain()[0]
    user = server.register()
    task = user.create(**DAILY)
    user.toggle(task)
    user.child(task, within_s=60)
    wait_until_settled(server)

    def counts():
        found = re.findall(r'rondo_events_consumed_total\{outcome="(\w+)"\} (\d+)', metrics_of(server))
        return {outcome: int(count) for outcome, count in found}

    before = counts()
    data = {"event_type": "task-completed", "task_id": task["id"], "user_id": task["user_id"]}
    attributes = {"ce_specversion": "1.0", "ce_type": "task.completed", "ce_source": "another", "ce_id": "1"}
    nobody = {"task_id": task["id"], "user_id": task["user_id"]}
    put = lambda body, **headers: produce(BROKER, topic, task["user_id"], json.dumps(body).encode(), **headers)  # noqa: E731
    put(data)
    put(data, **{"content-type": "text/plain"})
    put(nobody, **attributes)
    put(nobody, **attributes, **{"content-type": "application/json"})
    put({"specversion": "1.0", "id": "1", "source": "another", "type": "task.completed", "data": data})
    put(nobody)  # does not say of what type it is
    put(data, **attributes | {"ce_specversion": "0.3"})
    put([data])

    def more():
        now = counts()
        return {outcome: now[outcome] - before.get(outcome, 0) for outcome in now}

    eventually(lambda: more().get("dropped") == 3, 90, "the unreadable ones in the dead letters")
    assert more().get("exists") == 5
    assert len(dead_letters(server)) == 3
    assert len(user.children(task)) == 1


def test_a_users_events_stay_on_one_partition_when_the_transport_changes(chain, topic):
    server, sidecar = chain(with_sidecar=False)
    server.env |= kafka_settings(topic)
    server.stop()
    server.start()  # makes the topic with its three partitions
    users = [server.register() for _ in range(20)]
    for user in users:
        user.create()
    wait_until_settled(server)
    server.stop()
    sidecar.start()
    server.env |= {"EVENT_TRANSPORT": "dapr"}
    server.start()
    for user in users:
        user.again().create()
    wait_until_settled(server)
    found = partitions_of_keys(BROKER, topic)
    assert len(found) == 20
    assert {key: where for key, where in found.items() if len(where) > 1} == {}
    assert len(set.union(*found.values())) == 3
    assert len(records(BROKER, topic)) == 40


def test_a_sidecar_that_is_killed_and_comes_back_loses_nothing(chain):
    server, sidecar = chain(EVENT_LOCAL_AFTER="500ms")
    user = server.register()
    tasks = [user.create(**DAILY) for _ in range(30)]
    for task in tasks[:10]:
        user.toggle(task)
    sidecar.kill()
    for task in tasks[10:20]:
        user.toggle(task)
    for task in tasks[10:20]:
        user.child(task, within_s=30)
    sidecar.start()
    for task in tasks[20:]:
        user.toggle(task)
    wait_until_settled(server)
    for task in tasks:
        user.child(task, within_s=90)
    assert not dead_letters(server)


def test_a_broker_that_restarts_behind_the_sidecar_loses_nothing(chain, own_broker):
    server, sidecar = chain(broker=own_broker.address, EVENT_LOCAL_AFTER="500ms")
    user = server.register()
    tasks = [user.create(**DAILY) for _ in range(20)]
    for task in tasks[:10]:
        user.toggle(task)
    own_broker.stop()
    for task in tasks[10:]:
        user.toggle(task)
    for task in tasks[10:]:
        user.child(task, within_s=60)
    own_broker.start()
    wait_until_settled(server)
    for task in tasks:
        user.child(task, within_s=90)
    assert not dead_letters(server)


def test_what_comes_while_the_server_is_down_is_delivered_afterwards(chain, topic):
    server, sidecar = chain()
    user = server.register()
    tasks = [user.create(**DAILY) for _ in range(5)]
    for task in tasks:
        user.toggle(task)
    server.kill()
    server.start()
    user.again()
    wait_until_settled(server)
    for task in tasks:
        user.child(task, within_s=90)


def test_the_server_can_tell_the_sidecar_what_to_bring(chain):
    server, sidecar = chain(subscriptions=False, DAPR_SUBSCRIBE="programmatic")
    user = server.register()
    task = user.create(**DAILY)
    user.toggle(task)
    user.child(task, within_s=60)
    eventually(lambda: consumed(user, "created"), 30, "the delivery")


def test_a_wrong_token_is_told_and_the_next_occurrence_appears_all_the_same(chain):
    server, sidecar = chain(sidecar_env={"DAPR_API_TOKEN": "right"}, DAPR_API_TOKEN="wrong", EVENT_LOCAL_AFTER="0s")
    user = server.register()
    task = user.create(**DAILY)
    user.toggle(task)
    user.child(task, within_s=60)
    eventually(lambda: "set DAPR_API_TOKEN" in server.output(), 30, "the line that says what is wrong")
    assert server.rows("select count(*) from outbox")[0][0] > 0
    assert not dead_letters(server)


def test_without_a_sidecar_the_server_starts_and_catches_up_when_it_comes(chain):
    server, sidecar = chain(with_sidecar=False, EVENT_LOCAL_AFTER="0s")
    user = server.register()
    task = user.create(**DAILY)
    user.toggle(task)
    user.child(task, within_s=30)
    sidecar.start()
    wait_until_settled(server)
    assert len(user.children(task)) == 1
