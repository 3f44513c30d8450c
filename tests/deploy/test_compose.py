"""The compose file and what it mounts: of the right form, and of one mind with the program and the Kubernetes files."""

import json
import pathlib
import re
import shutil
import subprocess
import tempfile

import jsonschema
import yaml
from files import DEPLOY, ROOT, environment_of, load, metadata_of, module_folder, pick, rendered

FOLDER = DEPLOY / "compose"
COMPOSE = yaml.safe_load((FOLDER / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
COMPOSE_GO = "2.16.2"


def environment(service):
    return {name: str(value) for name, value in SERVICES[service].get("environment", {}).items()}


def test_it_has_the_form_that_the_specification_describes():
    schema = json.loads(
        (module_folder("github.com/compose-spec/compose-go/v2", COMPOSE_GO) / "schema/compose-spec.json").read_text()
    )
    jsonschema.validate(COMPOSE, schema)


def test_what_is_mounted_is_there():
    mounted = [
        volume.split(":") for service in SERVICES.values() for volume in service.get("volumes", []) if ":" in volume
    ]
    for source, *_ in mounted:
        assert source in COMPOSE["volumes"] or (FOLDER / source).exists(), source
    assert (FOLDER / SERVICES["backend"]["build"]["context"] / SERVICES["backend"]["build"]["dockerfile"]).is_file()


def test_services_wait_for_services_that_are_there_and_tell_their_health():
    for name, service in SERVICES.items():
        for other, condition in service.get("depends_on", {}).items():
            if condition["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[other], (name, other)
            else:
                assert other in SERVICES, (name, other)


def test_ports_are_open_on_this_machine_alone_and_differ():
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert len({port.split(":")[1] for port in ports}) == len(ports)
    assert "127.0.0.1:8000:8000" in SERVICES["backend"]["ports"]


def test_server_and_sidecar_are_of_one_mind():
    backend, sidecar = environment("backend"), SERVICES["sidecar"]
    flags = dict(flag[2:].split("=", 1) for flag in sidecar["command"] if "=" in flag)
    for token in ("DAPR_API_TOKEN", "APP_API_TOKEN"):
        assert backend[token] == environment("sidecar")[token]
    assert backend["DAPR_HTTP_PORT"] == flags["dapr-http-port"]
    assert flags["app-port"] == "8000"
    assert sidecar["network_mode"] == "service:backend"
    assert sidecar["restart"] == "unless-stopped"
    annotations = pick(rendered("minikube"), "Deployment", "todo-backend")["spec"]["template"]["metadata"][
        "annotations"
    ]
    for name, value in annotations.items():
        flag = name.removeprefix("dapr.io/")
        if flag in flags:
            assert flags[flag] == value, name
    assert "--enable-app-health-check" in sidecar["command"]


def test_the_sidecar_is_of_the_version_that_is_tested():
    version = re.search(r"github.com/dapr/dapr v(\S+)", (ROOT / "tools/services/daprd/go.mod").read_text())[1]
    assert SERVICES["sidecar"]["image"] == f"docker.io/daprio/daprd:{version}"


def test_the_component_is_the_tested_one_with_another_broker():
    (ours,), (tested,) = load(FOLDER / "kafka-pubsub.yaml"), load(DEPLOY / "dapr/components/kafka-pubsub.yaml")
    assert metadata_of(ours) == metadata_of(tested) | {"brokers": "redpanda:9092"}
    ours["spec"]["metadata"] = tested["spec"]["metadata"] = []
    assert ours == tested
    assert "--advertise-kafka-addr=PLAINTEXT://redpanda:9092" in SERVICES["redpanda"]["command"]


def test_topics_are_those_of_the_subscriptions():
    topics = {one["spec"]["topic"] for one in load(DEPLOY / "dapr/subscriptions/task-completed.yaml")}
    made = set(re.search(r"for topic in ([^;]+);", SERVICES["topics"]["command"][0])[1].split())
    assert topics == made
    assert environment("backend")["PUBSUB_TOPIC"] in topics


def test_server_and_database_agree_on_role_and_password():
    assert environment("backend")["PGPASSWORD"] == environment("postgres")["RONDO_PASSWORD"]
    assert environment("backend")["DATABASE_URL"] == "postgresql://rondo@postgres:5432/rondo"


def test_images_are_those_of_kubernetes_and_of_one_version():
    images = {service["image"] for service in SERVICES.values()}
    assert not [image for image in images if image.endswith(":latest") or ":" not in image]
    for kind in ("StatefulSet", "Job"):
        for one in pick(rendered("minikube"), kind):
            assert one["spec"]["template"]["spec"]["containers"][0]["image"] in images
    backend = pick(rendered("minikube"), "Deployment", "todo-backend")["spec"]["template"]["spec"]["containers"][0]
    assert backend["image"] == SERVICES["backend"]["image"]
    version = re.search(r"project\(rondo VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())[1]
    assert backend["image"] == f"rondo:{version}"
    production = pick(rendered("production"), "Deployment", "todo-backend")["spec"]["template"]["spec"]["containers"][0]
    assert production["image"].endswith(f"/rondo:{version}")
    assert f'image.version="{version}"' in (DEPLOY / "docker/Dockerfile").read_text()
    for name in ("PUBSUB_NAME", "PUBSUB_TOPIC", "EVENT_TRANSPORT"):
        assert environment_of(backend)[name] == environment("backend")[name]


def test_the_script_for_an_empty_database_makes_what_the_server_can_use():
    from support import run

    from services import postgres

    folder = pathlib.Path(tempfile.mkdtemp(prefix="rondo-init-"))
    folder.chmod(0o755)  # the database's own user enters it
    try:
        address = postgres.start(folder)["RONDO_TEST_POSTGRES"]
        port = re.search(r":(\d+)/", address)[1]
        psql = ["psql", "-X", "-A", "-t", "-h", "127.0.0.1", "-p", port, "-U", "postgres"]
        for name in ("database", "role"):
            subprocess.run([*psql, "-c", f"drop {name} if exists rondo"], check=True, capture_output=True)
        script = DEPLOY / "kubernetes/base/todo-app/postgres-init.sh"
        password = 'it\'s "quoted" $HOME'
        env = {"PGHOST": "127.0.0.1", "PGPORT": port, "POSTGRES_USER": "postgres", "RONDO_PASSWORD": password}
        made = subprocess.run(
            ["env", *(f"{k}={v}" for k, v in env.items()), "sh", script], capture_output=True, text=True
        )
        assert made.returncode == 0, made.stderr
        role = "select rolsuper, rolbypassrls, rolpassword is not null from pg_authid where rolname = 'rondo'"
        assert subprocess.run([*psql, "-c", role], capture_output=True, text=True).stdout == "f|f|t\n"
        rules = folder / "data" / "pg_hba.conf"
        rules.write_text("host rondo rondo 127.0.0.1/32 scram-sha-256\n" + rules.read_text())
        subprocess.run([*psql, "-c", "select pg_reload_conf()"], check=True, capture_output=True)
        settings = {"DATABASE_URL": f"postgresql://rondo@127.0.0.1:{port}/rondo"}
        refused = run("migrate", "up", env=settings | {"PGPASSWORD": "another"})
        assert refused.returncode == 69 and "password authentication failed" in refused.stderr
        migrated = run("migrate", "up", env=settings | {"PGPASSWORD": password})
        assert migrated.returncode == 0, migrated.stderr
    finally:
        postgres.stop(folder)
        shutil.rmtree(folder)
