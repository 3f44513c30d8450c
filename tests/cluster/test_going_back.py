"""deploy/kubernetes/rollback with the real kubectl, API server and controllers; only pods do not really run."""

import threading
import time

import pytest
from cluster import eventually
from files import ROOT, pick, rendered

SCRIPT = ROOT / "deploy" / "kubernetes" / "rollback"
NEWER = "registry.example.org/rondo:7.0.0"
BACKEND = "deployment/todo-backend"


@pytest.fixture
def older(applied, overlay, kubelet):
    """The image that runs; a newer one is rolled out over it."""
    image = pick(rendered(overlay), "Deployment", "todo-backend")["spec"]["template"]["spec"]["containers"][0]["image"]
    applied.kubectl("-n", "todo-app", "rollout", "status", BACKEND, "--timeout", "60s")
    assert image_of(applied) == image
    applied.kubectl("-n", "todo-app", "set", "image", BACKEND, f"todo-backend={NEWER}")
    applied.kubectl("-n", "todo-app", "rollout", "status", BACKEND, "--timeout", "60s")
    eventually(lambda: servers(applied) == [NEWER] * 2, what="two pods of the newer version")
    return image


def deployment(cluster):
    return cluster.get(BACKEND)


def image_of(cluster):
    return deployment(cluster)["spec"]["template"]["spec"]["containers"][0]["image"]


def servers(cluster):
    labelled = (pod for pod in cluster.pods("todo-app") if "deletionTimestamp" not in pod["metadata"])
    return [
        pod["spec"]["containers"][0]["image"]
        for pod in labelled
        if pod["metadata"]["labels"].get("app.kubernetes.io/name") == "todo-backend"
    ]


def is_back(cluster, image, count):
    assert image_of(cluster) == image
    eventually(lambda: servers(cluster) == [image] * count, what=f"{count} pods of {image}")
    assert deployment(cluster)["status"]["readyReplicas"] == count


def test_quick(applied, older, kubelet):
    kubelet.knows = {older: 2}
    ended = applied.run(SCRIPT, "quick")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert kubelet.ran == [(older, ["migrate", "status"], 2)]
    is_back(applied, older, 2)


def test_quick_is_refused_where_the_schema_is_newer(applied, older, kubelet):
    kubelet.schema, kubelet.knows = 3, {older: 2}
    before = deployment(applied)["metadata"]["generation"]
    ended = applied.run(SCRIPT, "quick")
    assert ended.returncode == 64 and "full --steps 1" in ended.stderr, ended.stdout + ended.stderr
    assert deployment(applied)["metadata"]["generation"] == before
    assert servers(applied) == [NEWER] * 2
    assert not [pod for pod in applied.pods("todo-app") if pod["metadata"]["name"].startswith("rollback-")]
    applied.kubectl("-n", "todo-app", "rollout", "undo", BACKEND)
    is_back(applied, older, 2)


def test_full(applied, overlay, older, kubelet, tmp_path):
    """No server is there while the migration is taken back, not even with an autoscaler that wants two."""
    kubelet.schema, kubelet.knows = 3, {older: 2}
    kubelet.rollback_pod_takes_s = 3.0  # three rounds of the autoscaler
    with Watch(applied) as seen:
        ended = applied.run(SCRIPT, "full", "--steps", "1", "--dump", tmp_path / "copy.dump")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert kubelet.ran == [
        (older, ["migrate", "status"], 2),
        (NEWER, ["migrate", "down", "--steps", "1", "--dry-run"], 2),
        (NEWER, ["migrate", "down", "--steps", "1"], 0),
        (older, ["migrate", "status"], 0),
    ]
    assert kubelet.schema == 2 and (tmp_path / "copy.dump").read_text() == "PGDMP and more"
    is_back(applied, older, 2)
    if overlay == "production":
        assert ("False", "ScalingDisabled") in seen.found
        scaler = applied.get("hpa/todo-backend")
        assert scaler["spec"]["minReplicas"] == 2
        applied.kubectl("-n", "todo-app", "scale", BACKEND, "--replicas", "1")
        eventually(lambda: deployment(applied)["spec"]["replicas"] == 2, what="the autoscaler at work again")


class Watch:
    """What the autoscaler says of itself meanwhile."""

    def __init__(self, cluster):
        self.cluster, self.found, self.done = cluster, set(), False
        self.thread = threading.Thread(target=self.look)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done = True
        self.thread.join()

    def look(self):
        while not self.done:
            scaler = self.cluster.ask(
                "GET", "/apis/autoscaling/v2/namespaces/todo-app/horizontalpodautoscalers/todo-backend"
            )
            for one in (scaler or {}).get("status", {}).get("conditions", []):
                if one["type"] == "ScalingActive":
                    self.found.add((one["status"], one["reason"]))
            time.sleep(0.2)


def test_full_goes_on_where_it_was_stopped(applied, older, kubelet):
    """The migration cannot be taken back: nothing runs, and what it says to do helps."""
    kubelet.schema, kubelet.knows = 3, {older: 2}
    kubelet.breaks = "down"
    ended = applied.run(SCRIPT, "full", "--steps", "1", "--no-dump")
    assert ended.returncode == 1 and "State: No server runs." in ended.stderr, ended.stdout + ended.stderr
    assert servers(applied) == [] and image_of(applied) == NEWER
    kubelet.breaks = ""
    assert "call this again with --replicas 2" in ended.stderr
    ended = applied.run(SCRIPT, "full", "--steps", "1", "--no-dump", "--replicas", "2")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    is_back(applied, older, 2)
