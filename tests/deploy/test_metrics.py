"""Dashboards and alerts ask for what the program really exposes."""

import json
import re

import pytest
from files import DEPLOY, load
from support import Server, wait_until_settled

DASHBOARD = json.loads((DEPLOY / "grafana/dashboards/rondo.json").read_text())
WORDS_OF_PROMQL = {"sum", "max", "by", "rate", "increase", "histogram_quantile", "topk", "le", "up", "job", "count"}


@pytest.fixture(scope="module")
def exposed(tmp_path_factory):
    """Every name with its labels, after one of everything has happened."""
    with Server(tmp_path_factory.mktemp("metrics")) as server:
        user = server.register()
        task = user.create(due_date="2026-02-08T09:00", recurring_type="daily")
        user.toggle(task)
        user.child(task)
        wait_until_settled(server)
        found = {}
        for line in user.client.get("/metrics").text.splitlines():
            if match := re.match(r"(\w+)(?:{(.*)})? ", line):
                found.setdefault(match[1], set()).update(re.findall(r"(\w+)=\"", match[2] or ""))
        return found


def questions():
    asked = [(panel["title"], target) for panel in DASHBOARD["panels"] for target in panel["targets"]]
    found = [(title, target["expr"], target["legendFormat"]) for title, target in asked]
    (rules,) = load(DEPLOY / "prometheus/rules.yaml")
    return found + [(rule["alert"], rule["expr"], "") for group in rules["groups"] for rule in group["rules"]]


@pytest.mark.parametrize("title, expression, legend", questions())
def test_it_asks_for_metrics_and_labels_that_are_there(title, expression, legend, exposed):
    bare = re.sub(r"\"[^\"]*\"|\[[^\]]*\]", "", expression)
    names = set(re.findall(r"[a-z_][a-z_0-9]*", bare)) - WORDS_OF_PROMQL
    metrics = {name for name in names if re.match(r"rondo_|http_server_", name)}
    assert metrics <= exposed.keys(), metrics - exposed.keys()
    labels = (names - metrics) | set(re.findall(r"{{(\w+)}}", legend))
    known = set().union(*(exposed[name] for name in metrics), {"le"})
    assert labels <= known, labels - known
    assert bare.count("(") == bare.count(")")


def test_every_metric_of_the_program_is_on_the_dashboard(exposed):
    expressions = " ".join(expression for _, expression, _ in questions())
    missing = {re.sub(r"_(bucket|count|sum)$", "", name) for name in exposed}
    assert not {name for name in missing if name not in expressions}


def test_the_panels_do_not_lie_on_each_other():
    cells = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        own = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not own & cells and at["x"] + at["w"] <= 24, panel["title"]
        cells |= own


def test_prometheus_and_grafana_find_what_they_are_given():
    (config,) = load(DEPLOY / "prometheus/prometheus.yaml")
    assert all((DEPLOY / "prometheus" / name).is_file() for name in config["rule_files"])
    assert ["backend:8000"] in [c["targets"] for job in config["scrape_configs"] for c in job["static_configs"]]
    (sources,) = load(DEPLOY / "grafana/provisioning/datasources/prometheus.yaml")
    assert {panel["datasource"]["uid"] for panel in DASHBOARD["panels"]} == {sources["datasources"][0]["uid"]}
    (dashboards,) = load(DEPLOY / "grafana/provisioning/dashboards/rondo.yaml")
    compose = (DEPLOY / "compose/compose.yaml").read_text()
    assert f"../grafana/dashboards:{dashboards['providers'][0]['options']['path']}:ro" in compose
    assert f"{sources['datasources'][0]['url']}".endswith("prometheus:9090")
