"""The web page as the binary hands it out; what it does in a browser is tested in web/e2e."""

import gzip
import re

import pytest
from support import ROOT, Server, problem

HTML = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
VIEWS = [
    "/today",
    "/upcoming",
    "/calendar",
    "/board",
    "/all",
    "/done",
    "/search",
    "/trash",
    "/stats",
    "/settings",
    "/login",
    "/signup",
    "/tags/x",
    "/tasks/x",
]


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("page")) as server, server.client() as client:
        yield client


def script_of(client):
    page = client.get("/", headers=HTML)
    return re.search(r'src="(/assets/[^"]+\.js)"', page.text)[1]


def test_every_view_is_the_page_and_no_api_path_is(client):
    page = client.get("/", headers=HTML)
    for path in VIEWS:
        view = client.get(path)
        assert view.status_code == 200 and view.text == page.text, path
    problem(client.get("/api/nothing", headers=HTML), 404)
    problem(client.get("/nothing", headers=HTML), 404)
    assert client.get("/").json()["name"] == "Rondo"


def test_the_views_are_those_that_the_page_knows(client):
    routes = re.findall(r"\['(/[a-z]+)',", (ROOT / "web/src/app/app.tsx").read_text())
    assert len(routes) > 5
    for path in routes:
        assert client.get(path).status_code == 200, path


def test_the_policy_lets_nothing_inline_run(client):
    page = client.get("/", headers=HTML)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "style-src 'self'" in policy
    assert "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)", page.text)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page.text)


def test_the_service_worker_may_ask_the_server_and_keeps_files_that_are_there(client):
    worker = client.get("/sw.js")
    assert worker.headers["cache-control"] == "no-cache"
    assert "connect-src 'self'" in worker.headers["content-security-policy"]
    files = re.findall(r'"(/[^"]+\.[a-z0-9]+)"', worker.text)
    assert script_of(client) in files and "/manifest.webmanifest" in files
    for path in files:
        assert client.get(path).status_code == 200, path
    manifest = client.get("/manifest.webmanifest")
    assert manifest.headers["content-type"] == "application/manifest+json"
    for icon in manifest.json()["icons"]:
        assert client.get(icon["src"]).headers["content-type"] == icon["type"]
    assert client.get(manifest.json()["start_url"]).text == client.get("/", headers=HTML).text


def test_files_named_by_content_are_kept_for_ever_and_the_page_is_asked_for_again(client):
    page = client.get("/", headers=HTML)
    assert page.headers["cache-control"] == "no-cache"
    assert client.get(script_of(client)).headers["cache-control"] == "public, max-age=31536000, immutable"
    again = client.get("/", headers=HTML | {"If-None-Match": page.headers["etag"]})
    assert again.status_code == 304 and not again.content
    assert {"Accept", "Accept-Encoding"} <= set(re.split(r",\s*", page.headers["vary"]))


def test_files_come_compressed_to_those_that_ask(client):
    path = script_of(client)

    def size(coding):
        with client.stream("GET", path, headers={"Accept-Encoding": coding}) as answer:
            assert answer.status_code == 200
            return answer.headers.get("content-encoding"), b"".join(answer.iter_raw())

    plain = size("identity")
    assert plain[0] is None
    zipped = size("gzip, deflate")
    assert zipped[0] == "gzip" and gzip.decompress(zipped[1]) == plain[1]
    brotli = size("gzip, deflate, br")
    assert brotli[0] == "br" and len(brotli[1]) < len(zipped[1]) < len(plain[1]) / 2
    assert size("br;q=0, gzip;q=0.5")[0] == "gzip"
    assert size("brotli, xgzip")[0] is None


def test_the_first_load_is_under_200_kb(client):
    page = client.get("/", headers=HTML)
    files = re.findall(r'(?:src|href)="(/[^"]+\.(?:js|css|svg))"', page.text)
    assert len(files) >= 3

    def carried(path):
        with client.stream("GET", path, headers={"Accept-Encoding": "br"}) as answer:
            assert answer.status_code == 200, path
            return sum(map(len, answer.iter_raw()))

    assert sum(map(carried, files)) < 200_000


def test_a_file_that_is_not_there_is_a_problem(client):
    problem(client.get("/assets/index-old.js"), 404)
    assert client.get("/favicon.svg").headers["content-type"] == "image/svg+xml"
