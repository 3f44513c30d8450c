"""The description is the contract: it is served as written, and the server keeps to it under a fuzzer."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser

import jsonschema
import pytest
import yaml
from support import PASSWORD, ROOT, SANITIZED

FUZZ_EXAMPLES = 15 if SANITIZED else 50
FUZZ_PHASES = "examples,fuzzing,stateful" if SANITIZED else "examples,coverage,fuzzing,stateful"
FUZZ_SECONDS_MAX = 480  # on a busy machine; else about two minutes
SEED = 20260208


class TextLoader(yaml.SafeLoader):
    """YAML with dates left as text."""


TextLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@pytest.fixture(scope="module")
def written():
    return yaml.load((ROOT / "docs/openapi.yaml").read_text("utf-8"), TextLoader)


def test_the_served_description_is_the_written_one(server, written):
    with server.client() as client:
        answer = client.get("/openapi.json")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("application/json")
    assert answer.json() == written
    assert written["info"]["version"] == server.version


def test_the_schemas_are_schemas_and_their_examples_fit(written):
    for name, schema in written["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema)
        whole = schema | {"components": written["components"]}
        for example in schema.get("examples", []):
            jsonschema.validate(example, whole, jsonschema.Draft202012Validator), name
    for path, item in written["paths"].items():
        for method, operation in item.items():
            if method == "parameters":
                continue
            for content in operation.get("requestBody", {}).get("content", {}).values():
                for example in content.get("examples", {}).values():
                    whole = content["schema"] | {"components": written["components"]}
                    jsonschema.validate(example["value"], whole, jsonschema.Draft202012Validator), (method, path)


def test_every_example_of_a_body_is_taken_by_the_server(server, written):
    tried = 0
    for path, item in written["paths"].items():
        for method, operation in item.items():
            if method == "parameters" or "application/json" not in operation.get("requestBody", {}).get("content", {}):
                continue
            for name, example in operation["requestBody"]["content"]["application/json"].get("examples", {}).items():
                if path == "/api/auth/login":
                    continue  # nobody has that password
                user = server.register()
                task = user.create(due_date="2026-02-08", recurring_type="daily")
                tag = user.client.post("/api/tags", json={"name": f"tag {tried}"}).json()
                target = path.replace("{task_id}", task["id"]).replace("{tag_id}", tag["id"])
                answer = user.client.request(method, target, json=example["value"])
                assert answer.status_code in (200, 201), (method, path, name, answer.text)
                tried += 1
    assert tried >= 12


def test_every_call_of_the_description_exists(server, user, written):
    for path, item in written["paths"].items():
        target = path.replace("{task_id}", "0198c0de-0000-7000-8000-000000000001").replace(
            "{tag_id}", "0198c0de-0000-7000-8000-000000000001"
        )
        allowed = {name.strip() for name in user.client.options(target).headers["allow"].split(",")}
        described = {method.upper() for method in item if method != "parameters"}
        assert allowed == described | {"OPTIONS"} | ({"HEAD"} if "GET" in described else set()), path


class Page(HTMLParser):
    """The links, ids, and whatever would be fetched or run, of a page."""

    def __init__(self):
        super().__init__()
        self.links, self.ids, self.active, self.headings = [], [], [], []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if "href" in given else []
        if tag in ("script", "iframe", "object", "embed", "img", "link", "form") or "src" in given or "style" in given:
            self.active.append((tag, given))
        self.active += [(tag, name) for name in given if name.startswith("on")]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)


def test_the_page_shows_every_call_and_needs_nothing_else(server, written):
    import base64
    import hashlib

    with server.client() as client:
        answer = client.get("/docs")
    assert answer.status_code == 200 and answer.headers["content-type"] == "text/html; charset=utf-8"
    page = Page()
    page.feed(answer.text)
    assert page.active == []
    assert len(page.ids) == len(set(page.ids))
    for link in page.links:
        assert link == "/openapi.json" or (link.startswith("#") and link[1:] in page.ids), link
    for path in written["paths"]:
        assert f"<code>{path}</code>" in answer.text
    for name in written["components"]["schemas"]:
        assert f"<h3>{name}</h3>" in answer.text
    style = re.search(r"<style>(.*?)</style>", answer.text, re.S)[1]
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "script-src" not in policy
    assert f"style-src 'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'" in policy


@pytest.mark.timeout(FUZZ_SECONDS_MAX + 120)
def test_a_fuzzer_finds_no_difference_between_description_and_server(start, tmp_path):
    server = start()
    user = server.register()
    command = [
        sys.executable,
        "-m",
        "schemathesis.cli",
        "--config-file",
        str(ROOT / "tests/system/fuzz.toml"),
        "run",
        server.url + "/openapi.json",
        "--checks",
        "all",
        "--phases",
        FUZZ_PHASES,
        "--max-examples",
        str(FUZZ_EXAMPLES),
        "--seed",
        str(SEED),
        "--workers",
        "1",
        "--continue-on-failure",
        "--no-color",
    ]
    hooks = {
        "SCHEMATHESIS_HOOKS": "fuzz_hooks",
        "PYTHONPATH": str(ROOT / "tests/system"),
        "RONDO_FUZZ_URL": server.url,
        "RONDO_FUZZ_EMAIL": user.email,
        "RONDO_FUZZ_PASSWORD": PASSWORD,
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
    }
    ended = subprocess.run(command, env=hooks, cwd=tmp_path, capture_output=True, text=True, timeout=FUZZ_SECONDS_MAX)
    (tmp_path / "fuzz.log").write_text(ended.stdout + ended.stderr)
    print(ended.stdout[-20_000:])
    assert ended.returncode == 0, ended.stdout[-20_000:] + ended.stderr[-2000:]
    generated = re.search(r"(\d[\d,]*) generated", ended.stdout)
    assert generated and int(generated[1].replace(",", "")) > (200 if SANITIZED else 2000)
    with server.client() as client:
        assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("  version: 6.0.0", "  version: 6.0.1", "info.version is 6.0.1"),
        ("$ref: '#/components/schemas/User'", "$ref: '#/components/schemas/Usr'", "Usr does not exist"),
        ("operationId: getTask\n", "operationId: putTask\n", "has no operationId of its own"),
    ],
)
def test_a_description_that_contradicts_itself_is_not_built(tmp_path, before, after, told):
    text = (ROOT / "docs/openapi.yaml").read_text("utf-8")
    assert before in text
    (tmp_path / "openapi.yaml").write_text(text.replace(before, after, 1), "utf-8")
    ended = subprocess.run(
        [
            sys.executable,
            ROOT / "tools/openapi_build.py",
            tmp_path / "openapi.yaml",
            "--version",
            "6.0.0",
            "--page-source",
            ROOT / "src/api/server/docs_page",
            "--output",
            tmp_path / "made",
        ],
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 1 and told in ended.stderr
    assert not (tmp_path / "made").exists()
