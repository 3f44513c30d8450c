"""A real API server and its controllers take the Kubernetes files as they are, and refuse what is wrong with them."""

import copy

import pytest
from cluster import eventually
from files import ROOT, pick, pods_of, rendered

WITHOUT_COUNT = {"production": {"Deployment": 2}}  # as many as the autoscaler wants at least


def test_every_object_is_taken_without_a_complaint(namespaces, overlay):
    objects = [one for one in rendered(overlay) if one["kind"] != "Namespace"]  # those are there
    ended = namespaces.judge(*objects)
    assert ended.returncode == 0, ended.stderr
    assert not ended.stderr
    assert ended.stdout.count("(server dry run)") == len(objects)


def plant(kind, name, change):
    one = copy.deepcopy(pick(rendered("production"), kind, name, "todo-app"))
    change(one)
    return one


def pod_like_the_servers(change):
    template = copy.deepcopy(pick(rendered("production"), "Deployment", "todo-backend")["spec"]["template"])
    template["spec"].pop("serviceAccountName")
    change(template["spec"])
    meta = template["metadata"] | {"name": "planted", "namespace": "todo-app"}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": template["spec"]}


def container_of(one):
    return one["spec"]["template"]["spec"]["containers"][0]


def as_root(pod):
    pod["securityContext"] |= {"runAsNonRoot": False, "runAsUser": 0}


FAULTS = {
    "an unknown field": (
        lambda: plant("Deployment", "todo-backend", lambda one: one["spec"].update(replica=2)),
        ".spec.replica: field not declared in schema",
    ),
    "a port that is no number": (
        lambda: plant("Service", "todo-backend", lambda one: one["spec"]["ports"][0].update(port="eighty")),
        "spec.ports",
    ),
    "a number where text belongs": (
        lambda: plant("Deployment", "todo-backend", lambda one: container_of(one)["env"][0].update(value=8000)),
        "env",
    ),
    "a server as root": (
        lambda: plant("Deployment", "todo-backend", lambda one: as_root(one["spec"]["template"]["spec"])),
        'would violate PodSecurity "restricted:latest"',
    ),
    "a pod as root": (lambda: pod_like_the_servers(as_root), 'violates PodSecurity "restricted:latest"'),
    "a capability": (
        lambda: pod_like_the_servers(lambda pod: pod["containers"][0]["securityContext"].pop("capabilities")),
        "unrestricted capabilities",
    ),
    "a selector that its own pods do not meet": (
        lambda: plant("Deployment", "todo-backend", lambda one: one["spec"]["selector"].update(matchLabels={"a": "b"})),
        "does not match template `labels`",
    ),
    "a probe at a port without a name": (
        lambda: plant(
            "Deployment", "todo-backend", lambda one: container_of(one)["livenessProbe"]["httpGet"].pop("port")
        ),
        "livenessProbe.httpGet.port",
    ),
    "a mount of no volume": (
        lambda: plant("StatefulSet", "postgres", lambda one: one["spec"]["template"]["spec"].update(volumes=[])),
        "volumeMounts",
    ),
    "a service of a type that there is not": (
        lambda: plant("Service", "todo-backend", lambda one: one["spec"].update(type="NodePorts")),
        'Unsupported value: "NodePorts"',
    ),
    "an autoscaler with less at most than at least": (
        lambda: plant("HorizontalPodAutoscaler", "todo-backend", lambda one: one["spec"].update(maxReplicas=1)),
        "maxReplicas",
    ),
    "a memory of no size": (
        lambda: plant(
            "Deployment", "todo-backend", lambda one: container_of(one)["resources"]["limits"].update(memory="1 GB")
        ),
        "quantities must match",
    ),
    "a subscription with the field of the version before": (
        lambda: plant("Subscription", "task-completed-subscription", lambda one: one["spec"].update(route="/x")),
        ".spec.route: field not declared in schema",
    ),
    "a component without a type": (
        lambda: plant("Component", "kafka-pubsub", lambda one: one["spec"].pop("type")),
        "spec.type",
    ),
    "a network policy with a port that is none": (
        lambda: plant(
            "NetworkPolicy", "todo-backend", lambda one: one["spec"]["egress"][0]["ports"][0].update(port=543200)
        ),
        "egress",
    ),
}


@pytest.mark.parametrize("overlay", ["production"], indirect=True, scope="module")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_refused(namespaces, fault):
    make, why = FAULTS[fault]
    ended = namespaces.judge(make())
    assert ended.returncode != 0 and why in ended.stderr, ended.stdout + ended.stderr


def test_the_controllers_make_every_pod(applied, overlay):
    """Those of a Deployment, StatefulSet or Job that break the namespace's standard are refused only then."""
    wanted = {}
    for workload, template in pods_of(rendered(overlay)):
        count = WITHOUT_COUNT.get(overlay, {}).get(workload["kind"], workload["spec"].get("replicas", 1))
        # Without nodes the first of a StatefulSet is never ready, so the next one waits, unless all may start at once.
        if workload["kind"] == "StatefulSet" and workload["spec"].get("podManagementPolicy") != "Parallel":
            count = 1
        wanted[workload["metadata"]["namespace"], template["metadata"]["labels"]["app.kubernetes.io/name"]] = count

    def made():
        found = {}
        for pod in applied.pods():
            place = pod["metadata"]["namespace"], pod["metadata"]["labels"].get("app.kubernetes.io/name")
            found[place] = found.get(place, 0) + 1
        return found

    eventually(lambda: made() == wanted, what=f"{wanted}")
    for namespace in ("kafka", "todo-app"):
        events = applied.get("events", namespace)["items"]
        assert not [one["message"] for one in events if one["reason"] == "FailedCreate"]


def test_the_server_changes_nothing_of_what_is_applied(applied, overlay):
    """`kubectl diff` shows what one means to change, and nothing else."""
    ended = applied.run("kubectl", "diff", "-k", f"deploy/kubernetes/overlays/{overlay}")
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_a_new_version_is_applied_as_the_guide_says(applied, overlay, kubelet):
    guide = (ROOT / "docs" / "deployment.md").read_text().split("### A new version")[1].split("A Job cannot")[0]
    lines = [line.strip() for line in guide.splitlines() if line.startswith("    ")]
    assert len(lines) == 4
    for line in lines:
        ended = applied.run("bash", "-c", line.replace("overlays/production", f"overlays/{overlay}"))
        assert ended.returncode == 0, f"{line}\n{ended.stdout}{ended.stderr}"
    for workload, _ in pods_of(rendered(overlay)):
        if workload["kind"] == "Job":
            job = ["-n", workload["metadata"]["namespace"], f"job/{workload['metadata']['name']}"]
            applied.kubectl("wait", *job, "--for", "condition=complete", "--timeout", "60s")
