"""What holds for every call: request ids, CORS, safe headers, methods."""

import pytest
from support import problem

NOBODY = "0198c0de-0000-7000-8000-000000000001"


class TestCommon:
    def test_every_answer_has_a_request_id_and_takes_a_clean_one(self, server, user):
        assert (
            user.client.get("/api/tasks", headers={"X-Request-ID": "my-id_1.2"}).headers["x-request-id"] == "my-id_1.2"
        )
        for dirty in ("", "a b", "x" * 129, "é".encode(), "a;b", '"'):
            made = user.client.get("/api/tasks", headers={"X-Request-ID": dirty}).headers["x-request-id"]
            assert made and made != dirty
        with server.client() as client:
            for path in ("/", "/nowhere", "/api/tasks", "/livez"):
                assert client.get(path).headers["x-request-id"]

    @pytest.mark.parametrize("path", ["/api/tasks", "/api/auth/login", "/livez", "/nowhere", "/api/tasks/" + NOBODY])
    def test_a_listed_origin_may_call_and_no_other(self, server, path):
        ours, theirs = "http://localhost:3000", "https://evil.example"
        with server.client() as client:
            for method in ("GET", "POST", "OPTIONS"):
                answer = client.request(method, path, headers={"Origin": ours})
                assert answer.headers["access-control-allow-origin"] == ours, (method, answer.status_code)
                assert answer.headers["access-control-allow-credentials"] == "true"
                assert "Origin" in answer.headers["vary"]
                for origin in (theirs, "null", ours + ".evil.example", "http://localhost:30000", ours.upper()):
                    answer = client.request(method, path, headers={"Origin": origin})
                    assert "access-control-allow-origin" not in answer.headers, origin
                    assert "Origin" in answer.headers["vary"]
            exposed = client.get(path, headers={"Origin": ours}).headers["access-control-expose-headers"].lower()
            assert {"etag", "link", "location", "retry-after", "x-request-id"} <= {
                name.strip() for name in exposed.split(",")
            }

    def test_a_preflight_names_methods_and_headers(self, server):
        with server.client() as client:
            answer = client.options(
                "/api/tasks/x",
                headers={
                    "Origin": "http://localhost:3000",
                    "Access-Control-Request-Method": "PATCH",
                    "Access-Control-Request-Headers": "authorization,idempotency-key",
                },
            )
        assert answer.status_code in (200, 204)
        methods = {name.strip() for name in answer.headers["access-control-allow-methods"].split(",")}
        headers = {name.strip().lower() for name in answer.headers["access-control-allow-headers"].split(",")}
        assert {"GET", "POST", "PUT", "PATCH", "DELETE"} <= methods
        assert {
            "authorization",
            "content-type",
            "if-match",
            "if-none-match",
            "idempotency-key",
            "x-request-id",
            "traceparent",
            "last-event-id",
        } <= headers

    def test_refused_requests_carry_cors_headers_too(self, server):
        received, _ = server.raw(
            b"POST /api/tasks HTTP/1.1\r\nHost: a\r\nOrigin: http://localhost:3000\r\nContent-Length: 1048577\r\n\r\n"
        )
        assert (
            received.startswith(b"HTTP/1.1 413")
            and b"Access-Control-Allow-Origin: http://localhost:3000\r\n" in received
        )

    def test_every_answer_carries_the_headers_that_keep_browsers_safe(self, server, user):
        answers = [
            user.client.get("/api/tasks"),
            user.client.get("/nowhere"),
            user.client.get("/docs"),
            user.client.get("/"),
        ]
        answers.append(user.client.post("/api/tasks", content=b"x", headers={"Content-Type": "application/json"}))
        for answer in answers:
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
            assert "unsafe" not in answer.headers["content-security-policy"]
            assert "referrer-policy" in answer.headers and "server" not in answer.headers

    def test_a_wrong_method_names_the_right_ones(self, user):
        answer = user.client.delete("/api/tasks")
        problem(answer, 405)
        assert {name.strip() for name in answer.headers["allow"].split(",")} == {"GET", "HEAD", "OPTIONS", "POST"}
