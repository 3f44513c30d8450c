"""That the sidecar and the server's own client put each key on the same partition, also where a hash is negative as Sarama counts."""

import random
import subprocess

import httpx
from brokers import BROKER, kcat, needs_dapr, partitions_of_keys, produce
from support import ROOT, free_port

from services import dapr

pytestmark = needs_dapr
KEYS = 4000
# Keys whose FNV-1a hash of 32 bits is the least int32 (which has no absolute value), -1 and 0.
ODD_ONES = {"rdklaij": 0x80000000, "prezece": 0xFFFFFFFF, "3u25abs": 0}


def fnv1a(key):
    hashed = 0x811C9DC5
    for byte in key.encode():
        hashed = (hashed ^ byte) * 0x01000193 % 2**32
    return hashed


def publish(sidecar, topic, keys):
    """In one request; sidecars before 1.17 take that under v1.0-alpha1 alone."""
    entries = [
        {"entryId": str(i), "event": "x", "contentType": "text/plain", "metadata": {"partitionKey": key}}
        for i, key in enumerate(keys)
    ]
    for version in ("v1.0", "v1.0-alpha1"):
        url = f"http://127.0.0.1:{sidecar.port}/{version}/publish/bulk/kafka-pubsub/{topic}?metadata.rawPayload=true"
        answer = httpx.post(url, json=entries, timeout=60)
        if answer.status_code != 404:
            break
    assert answer.status_code == 204, answer.text


def test_the_sidecar_and_librdkafka_put_each_key_on_the_same_partition(tmp_path, topic):
    (ours,) = {
        line.split('"')[3]
        for line in (ROOT / "src/events/kafka/kafka_publisher.cpp").read_text().splitlines()
        if '"partitioner"' in line
    }
    rng = random.Random(20261130)
    keys = [f"{rng.getrandbits(128):032x}" for _ in range(KEYS)] + list(ODD_ONES)
    assert all(fnv1a(key) == hashed for key, hashed in ODD_ONES.items())
    assert KEYS // 3 < sum(fnv1a(key) >= 2**31 for key in keys) < KEYS * 2 // 3

    # Two topics: one has what the server's client library wrote, one what the sidecar wrote. The broker makes them, with three partitions each.
    names = {"client": f"{topic}-client", "sidecar": f"{topic}-sidecar"}
    for name in names.values():
        produce(BROKER, name, "first", b"x")
    command = [kcat(), "-P", "-b", BROKER, "-t", names["client"], "-K", "\t", "-X", f"partitioner={ours}"]
    subprocess.run(command, input="".join(f"{key}\tx\n" for key in keys).encode(), check=True, timeout=60)

    resources = dapr.write_resources(tmp_path / "resources", BROKER, names["sidecar"], f"group-{topic}")
    for subscriptions in resources.glob("subscriptions-*"):
        subscriptions.unlink()
    sidecar = dapr.Sidecar(tmp_path / "sidecar", resources, free_port())
    sidecar.start()
    try:
        for begin in range(0, len(keys), 500):
            publish(sidecar, names["sidecar"], keys[begin : begin + 500])
    finally:
        sidecar.stop()

    found = {writer: partitions_of_keys(BROKER, name) for writer, name in names.items()}
    for of in found.values():
        of.pop("first")
    assert set(found["client"]) == set(found["sidecar"]) == set(keys)
    assert {
        key: (where, found["sidecar"][key]) for key, where in found["client"].items() if where != found["sidecar"][key]
    } == {}
    assert set.union(*found["client"].values()) == {0, 1, 2}
