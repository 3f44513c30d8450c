"""Who may call whom: both ends allow every call that is made, and nothing is open that nobody uses."""

import pytest
from files import OVERLAYS, dapr_folder, is_within, load, pick, pods_of, rendered, say

# (from, to, port): all the calls inside the two namespaces.
CALLS = {
    ("todo-app/todo-backend", "todo-app/postgres", 5432),
    ("todo-app/todo-backend", "kafka/redpanda", 9092),
    ("todo-app/migrate", "todo-app/postgres", 5432),
    ("kafka/create-topics", "kafka/redpanda", 9092),
    ("kafka/redpanda", "kafka/redpanda", 9092),
    ("kafka/redpanda", "kafka/redpanda", 33145),
}
ASK_NAMES = {"todo-app/todo-backend", "todo-app/migrate", "kafka/create-topics", "kafka/redpanda"}


@pytest.fixture(params=OVERLAYS)
def objects(request):
    return rendered(request.param)


def pod_name(workload):
    return f"{workload['metadata']['namespace']}/{workload['metadata']['name']}"


def peers(objects, namespace, rules, key):
    """What the rules of one direction let through: pairs of a pod's name (or a namespace, or "anyone") and a port."""
    found = set()
    for rule in rules:
        ports = {port["port"] for port in rule["ports"]}  # no rule without ports
        for peer in rule.get(key, [{}]):
            found |= {(name, port) for name in matching(objects, namespace, peer) for port in ports}
    return found


def matching(objects, namespace, peer):
    if not peer:
        return {"anyone"}
    spaces = peer.get("namespaceSelector", {}).get("matchLabels", {}).get("kubernetes.io/metadata.name", namespace)
    if "podSelector" not in peer:
        return {spaces}
    wanted = peer["podSelector"]["matchLabels"]
    return {
        pod_name(workload)
        for workload, template in pods_of(objects)
        if workload["metadata"]["namespace"] == spaces and is_within(wanted, template["metadata"]["labels"])
    }


def policies(objects):
    """By the pod they are about."""
    found = {}
    for policy in pick(objects, "NetworkPolicy"):
        wanted = policy["spec"]["podSelector"].get("matchLabels")
        namespace = policy["metadata"]["namespace"]
        if wanted is None:
            assert policy["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}, say(policy)
            continue
        assert policy["spec"]["policyTypes"] == ["Ingress", "Egress"], say(policy)
        for name in matching(objects, namespace, {"podSelector": {"matchLabels": wanted}}):
            spec = policy["spec"]
            found[name] = (
                peers(objects, namespace, spec.get("ingress", []), "from"),
                peers(objects, namespace, spec.get("egress", []), "to"),
            )
    return found


def test_everything_is_denied_first(objects):
    denied = [one["metadata"]["namespace"] for one in pick(objects, "NetworkPolicy", namespace=None)
              if one["spec"]["podSelector"] == {}]  # fmt: skip
    assert sorted(denied) == ["kafka", "todo-app"]


def test_exactly_the_calls_that_are_made_are_allowed_at_both_ends(objects):
    found = policies(objects)
    assert found.keys() == {pod_name(workload) for workload, _ in pods_of(objects)}
    pods = found.keys()
    out = {(name, to, port) for name, (_, egress) in found.items() for to, port in egress if to in pods}
    into = {(by, name, port) for name, (ingress, _) in found.items() for by, port in ingress if by in pods}
    assert out == into == CALLS
    resolve = {name for name, (_, egress) in found.items() if ("kube-system", 53) in egress}
    assert resolve == ASK_NAMES


def test_the_ports_are_ports_of_the_pods(objects):
    ports = {
        pod_name(workload): {
            port["containerPort"] for c in template["spec"]["containers"] for port in c.get("ports", [])
        }
        for workload, template in pods_of(objects)
    }
    for name, (ingress, _) in policies(objects).items():
        for _, port in ingress:
            assert port in ports[name], (name, port)


@pytest.mark.parametrize("overlay, asked_by", [("minikube", "anyone"), ("production", "ingress-nginx")])
def test_from_outside_only_the_backend_is_reached_and_only_its_http_port(overlay, asked_by):
    objects = rendered(overlay)
    found = policies(objects)
    outside = {
        (name, by, port) for name, (ingress, _) in found.items() for by, port in ingress if by not in found.keys()
    }
    assert outside == {("todo-app/todo-backend", asked_by, 8000)}


def test_the_sidecar_reaches_the_control_plane_at_its_real_ports(objects):
    """Policies are about pods' ports, not about those of the services before them."""
    allowed = {port for to, port in policies(objects)["todo-app/todo-backend"][1] if to == "dapr-system"}
    charts = dapr_folder() / "charts/dapr/charts"
    real = {
        load(charts / "dapr_sentry/values.yaml")[0]["ports"]["targetPort"],
        load(charts / "dapr_operator/values.yaml")[0]["ports"]["targetPort"],
        load(charts / "dapr_placement/values.yaml")[0]["ports"]["apiPort"],
    }
    scheduler = (charts / "dapr_scheduler/templates/dapr_scheduler_service.yaml").read_text()
    assert "targetPort: 50006" in scheduler
    assert allowed == real | {50006}
