"""The Kubernetes files: of the right form, safe, and of one mind about names, ports, secrets and topics."""

import copy
import subprocess

import jsonschema
import kubernetes_validate
import pytest
import yaml
from files import (
    DEPLOY,
    OVERLAYS,
    ROOT,
    dapr_folder,
    environment_of,
    is_within,
    load,
    metadata_of,
    pick,
    pods_of,
    rendered,
    say,
    script,
)

OLDEST, NEWEST = "1.30", "1.37"
BROKER = "redpanda.kafka.svc.cluster.local:9092"
CONNECTIONS_PER_SERVER = 17


@pytest.fixture(params=OVERLAYS)
def objects(request):
    return rendered(request.param)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_what_is_rendered_is_no_older_than_its_sources(overlay):
    kept = (DEPLOY / "kubernetes" / "rendered" / f"{overlay}.yaml").read_text()
    digest = script(ROOT / "tools" / "check-deploy").digest_of_sources(overlay)
    assert f"# sources {digest}\n" in kept, "run tools/check-deploy --write"


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
def test_the_objects_have_the_form_that_kubernetes_describes(objects, version):
    checked = 0
    for one in objects:
        if not one["apiVersion"].startswith("dapr.io/"):
            kubernetes_validate.validate(one, version, strict=True)
            checked += 1
    assert checked > 15


def custom_resources():
    """Dapr's descriptions by version and kind, made strict: an unknown field is a fault, as with kubectl."""
    found = {}
    for path in sorted((dapr_folder() / "charts/dapr/crds").glob("*.yaml")):
        for crd in load(path):
            for version in crd["spec"]["versions"]:
                schema = copy.deepcopy(version["schema"]["openAPIV3Schema"])
                for name in ("apiVersion", "kind", "metadata"):
                    schema["properties"].setdefault(name, {})
                close(schema)
                schema["properties"]["metadata"] = {"type": "object"}
                found[f"{crd['spec']['group']}/{version['name']}", crd["spec"]["names"]["kind"]] = schema
    return found


def close(schema):
    if isinstance(schema, list):
        for one in schema:
            close(one)
    elif isinstance(schema, dict):
        free = schema.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in schema
        if isinstance(schema.get("properties"), dict) and not free:
            schema["additionalProperties"] = False
        for one in schema.values():
            close(one)


def test_the_dapr_objects_have_the_form_that_its_definitions_describe(objects):
    schemas = custom_resources()
    ours = [one for one in objects if one["apiVersion"].startswith("dapr.io/")]
    assert sorted(one["kind"] for one in ours) == ["Component", "Resiliency", "Subscription", "Subscription"]
    for one in ours:
        jsonschema.validate(one, schemas[one["apiVersion"], one["kind"]])
    wrong = copy.deepcopy(pick(ours, "Subscription", "task-completed-subscription"))
    wrong["spec"]["route"] = wrong["spec"]["routes"].pop("default")  # a field of the version before
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, schemas[wrong["apiVersion"], wrong["kind"]])


def test_every_pod_passes_the_restricted_standard(objects):
    for namespace in pick(objects, "Namespace"):
        assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    for workload, template in pods_of(objects):
        pod = template["spec"]
        assert pod["securityContext"]["runAsNonRoot"] is True, say(workload)
        assert pod["securityContext"]["runAsUser"] > 0, say(workload)
        assert pod["securityContext"]["seccompProfile"]["type"] == "RuntimeDefault", say(workload)
        assert pod["automountServiceAccountToken"] is False, say(workload)
        assert not {"hostNetwork", "hostPID", "hostIPC", "initContainers"} & pod.keys(), say(workload)
        for volume in pod.get("volumes", []):
            assert volume.keys() & {"emptyDir", "configMap", "secret", "projected"}, (say(workload), volume)
        for container in pod["containers"]:
            context = container["securityContext"]
            assert context["allowPrivilegeEscalation"] is False, say(workload)
            assert context["capabilities"] == {"drop": ["ALL"]}, say(workload)
            assert context["readOnlyRootFilesystem"] is True, say(workload)
            assert {"cpu", "memory"} <= container["resources"]["limits"].keys(), say(workload)
            assert ":" in container["image"] and not container["image"].endswith(":latest"), say(workload)


def test_every_object_is_in_a_namespace_that_is_made(objects):
    made = {one["metadata"]["name"] for one in pick(objects, "Namespace")}
    assert made == {"kafka", "todo-app"}
    for one in objects:
        assert one["kind"] == "Namespace" or one["metadata"]["namespace"] in made, say(one)


def test_selectors_meet_the_labels_of_pods(objects):
    for workload, template in pods_of(objects):
        if workload["kind"] != "Job":
            assert is_within(workload["spec"]["selector"]["matchLabels"], template["metadata"]["labels"])
    for one in objects:
        wanted = {
            "Service": lambda spec: spec["selector"],
            "PodDisruptionBudget": lambda spec: spec["selector"]["matchLabels"],
            "NetworkPolicy": lambda spec: spec["podSelector"].get("matchLabels", {}),
        }.get(one["kind"])
        if wanted:
            assert [
                say(workload)
                for workload, template in pods_of(objects)
                if workload["metadata"]["namespace"] == one["metadata"]["namespace"]
                and is_within(wanted(one["spec"]), template["metadata"]["labels"])
            ], f"{say(one)} selects no pod"


def ports_of(template):
    """Every port of the pod by number, and by name."""
    ports = [port for container in template["spec"]["containers"] for port in container.get("ports", [])]
    return {port["containerPort"] for port in ports}, {port["name"] for port in ports}


def test_services_and_probes_name_ports_that_are_there(objects):
    for service in pick(objects, "Service"):
        template = next(
            template
            for workload, template in pods_of(objects)
            if workload["metadata"]["namespace"] == service["metadata"]["namespace"]
            and is_within(service["spec"]["selector"], template["metadata"]["labels"])
        )
        for port in service["spec"]["ports"]:
            assert port["targetPort"] in ports_of(template)[1], say(service)
    for workload, template in pods_of(objects):
        for container in template["spec"]["containers"]:
            for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
                asked = container.get(probe, {}).get("httpGet") or container.get(probe, {}).get("tcpSocket")
                if asked:
                    assert asked["port"] in ports_of(template)[1], (say(workload), probe)
        if workload["kind"] == "StatefulSet":
            pick(objects, "Service", workload["spec"]["serviceName"], workload["metadata"]["namespace"])
    for ingress in pick(objects, "Ingress"):
        for rule in ingress["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                service = pick(objects, "Service", path["backend"]["service"]["name"], "todo-app")
                assert path["backend"]["service"]["port"]["name"] in [p["name"] for p in service["spec"]["ports"]]


def test_the_backend_is_what_the_guide_says():
    objects = rendered("minikube")
    service = pick(objects, "Service", "todo-backend", "todo-app")
    assert service["spec"]["type"] == "NodePort"
    assert [(port["port"], port["nodePort"]) for port in service["spec"]["ports"]] == [(8000, 30001)]
    deployment = pick(objects, "Deployment", "todo-backend", "todo-app")
    assert deployment["spec"]["replicas"] == 2
    container = deployment["spec"]["template"]["spec"]["containers"][0]
    assert container["resources"]["limits"] | {"memory": "512Mi", "cpu": "500m"} == container["resources"]["limits"]
    assert container["livenessProbe"]["httpGet"]["path"] == "/livez"
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    annotations = deployment["spec"]["template"]["metadata"]["annotations"]
    assert annotations["dapr.io/enabled"] == "true"
    assert annotations["dapr.io/app-id"] == "todo-backend"
    assert annotations["dapr.io/app-port"] == environment_of(container)["PORT"] == "8000"
    assert annotations["dapr.io/app-protocol"] == "http"
    assert annotations["dapr.io/log-level"] == "info"


def test_the_annotations_are_ones_that_dapr_knows(objects):
    known = (dapr_folder() / "pkg/injector/annotations/annotations.go").read_text()
    for workload, template in pods_of(objects):
        for name, value in template["metadata"].get("annotations", {}).items():
            assert not name.startswith("dapr.io/") or f'"{name}"' in known, (say(workload), name)
            assert isinstance(value, str)


def test_every_secret_that_a_pod_asks_for_is_made_by_make_secrets(objects):
    printed = subprocess.run([DEPLOY / "kubernetes/make-secrets"], capture_output=True, text=True, check=True).stdout
    secrets = [one for one in yaml.safe_load_all(printed) if one]
    for secret in secrets:
        kubernetes_validate.validate(secret, NEWEST, strict=True)
    made = {
        (one["metadata"]["namespace"], one["metadata"]["name"], key) for one in secrets for key in one["stringData"]
    }
    values = [value for one in secrets for value in one["stringData"].values()]
    assert len(set(values)) == len(values) and all(len(value) == 64 for value in values)
    asked = set()
    for workload, template in pods_of(objects):
        namespace = workload["metadata"]["namespace"]
        for container in template["spec"]["containers"]:
            asked |= {(namespace, *value) for value in environment_of(container).values() if isinstance(value, tuple)}
        for name, value in template["metadata"].get("annotations", {}).items():
            if name in ("dapr.io/api-token-secret", "dapr.io/app-token-secret"):
                asked.add((namespace, value, "token"))
    assert asked == made


def test_server_and_sidecar_get_the_same_tokens(objects):
    template = pick(objects, "Deployment", "todo-backend")["spec"]["template"]
    env = environment_of(template["spec"]["containers"][0])
    annotations = template["metadata"]["annotations"]
    assert env["DAPR_API_TOKEN"] == (annotations["dapr.io/api-token-secret"], "token")
    assert env["APP_API_TOKEN"] == (annotations["dapr.io/app-token-secret"], "token")


def test_component_subscriptions_topics_and_server_agree(objects):
    component = pick(objects, "Component", "kafka-pubsub", "todo-app")
    settings = metadata_of(component)
    assert settings["brokers"] == BROKER
    assert settings["consumerGroup"] == "todo-backend"
    template = pick(objects, "Deployment", "todo-backend")["spec"]["template"]
    env = environment_of(template["spec"]["containers"][0])
    subscription = pick(objects, "Subscription", "task-completed-subscription", "todo-app")["spec"]
    dead = pick(objects, "Subscription", "dead-letter-subscription", "todo-app")["spec"]
    assert env["PUBSUB_NAME"] == "kafka-pubsub" == subscription["pubsubname"] == dead["pubsubname"]
    assert env["PUBSUB_TOPIC"] == subscription["topic"] == "task-events"
    assert subscription["deadLetterTopic"] == dead["topic"]
    assert subscription["routes"]["default"] == "/api/events/task-completed"
    app_id = template["metadata"]["annotations"]["dapr.io/app-id"]
    for one in [component, *pick(objects, "Subscription")]:
        assert one["scopes"] == [app_id], say(one)
    job = environment_of(pick(objects, "Job", "create-topics", "kafka")["spec"]["template"]["spec"]["containers"][0])
    assert job["TOPICS"].split() == [subscription["topic"], dead["topic"]]
    assert job["BROKERS"] == BROKER
    brokers = pick(objects, "StatefulSet", "redpanda", "kafka")
    assert int(job["REPLICAS"]) == brokers["spec"]["replicas"]
    container = brokers["spec"]["template"]["spec"]["containers"][0]
    seeds = next(a for a in container["args"] if a.startswith("--seeds=")).split("=")[1].split(",")
    assert seeds == [f"redpanda-{n}.redpanda.kafka.svc.cluster.local:33145" for n in range(int(job["REPLICAS"]))]
    assert f"--advertise-kafka-addr=PLAINTEXT://$(POD_NAME).{BROKER}" in container["args"]


def test_a_dead_letter_topic_comes_with_a_policy_of_retries(objects):
    policies = pick(objects, "Resiliency", "kafka-pubsub", "todo-app")["spec"]
    inbound = policies["targets"]["components"]["kafka-pubsub"]["inbound"]
    assert policies["policies"]["retries"][inbound["retry"]]["maxRetries"] >= 5
    assert "retry" not in policies["targets"]["components"]["kafka-pubsub"]["outbound"]


def test_servers_and_migrations_use_one_database_that_has_room_for_them(objects):
    backend = pick(objects, "Deployment", "todo-backend")["spec"]["template"]["spec"]["containers"][0]
    migrate = pick(objects, "Job", "migrate")["spec"]["template"]["spec"]["containers"][0]
    assert backend["image"] == migrate["image"]
    for name in ("DATABASE_URL", "PGPASSWORD"):
        assert environment_of(backend)[name] == environment_of(migrate)[name]
    assert environment_of(backend)["DATABASE_URL"].startswith("postgresql://rondo@postgres.todo-app.svc")
    postgres = pick(objects, "StatefulSet", "postgres")["spec"]["template"]["spec"]["containers"][0]
    allowed = int(next(arg.split("=")[1] for arg in postgres["args"] if arg.startswith("max_connections=")))
    replicas = max([pick(objects, "Deployment", "todo-backend")["spec"].get("replicas", 0)] + [
        one["spec"]["maxReplicas"] for one in pick(objects, "HorizontalPodAutoscaler")
    ])  # fmt: skip
    # One more while a new version is rolled out, one for the migration, ten for people.
    assert CONNECTIONS_PER_SERVER * (replicas + 2) + 10 <= allowed


def test_the_autoscaler_scales_what_is_there():
    objects = rendered("production")
    scaler = pick(objects, "HorizontalPodAutoscaler", "todo-backend", "todo-app")["spec"]
    deployment = pick(objects, "Deployment", scaler["scaleTargetRef"]["name"], "todo-app")
    assert "replicas" not in deployment["spec"], "both would set it"
    names = [container["name"] for container in deployment["spec"]["template"]["spec"]["containers"]]
    assert [metric["containerResource"]["container"] for metric in scaler["metrics"]] == names
    assert scaler["minReplicas"] > pick(objects, "PodDisruptionBudget", "todo-backend")["spec"]["minAvailable"]
    job = environment_of(pick(objects, "Job", "create-topics")["spec"]["template"]["spec"]["containers"][0])
    assert scaler["maxReplicas"] <= int(job["PARTITIONS"])
