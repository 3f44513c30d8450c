"""The log: one event is one line, and a log that cannot be written stops nothing."""

import json
import re
import subprocess

import pytest
from support import BINARY, environment, free_port, problem, serves

SECRET = "a-secret-of-the-tests-0123456789abcdef"


class TestLogs:
    def test_in_production_are_json_lines(self, start):
        server = start(ENVIRONMENT="production", SECRET_KEY=SECRET)
        user = server.register()
        task = user.create('} " \\', description="line\nbreak")
        user.toggle(task)
        failed = problem(user.client.get("/api/tasks/x"), 404)
        user.client.get("/api/tasks/%0a%7b%22forged%22%3a1%7d%1b%5b31m%e2%80%a8")
        user.client.get("/nowhere%0d%0aforged", headers={"X-Request-ID": "r-1"})
        server.stop()
        lines = [json.loads(line) for line in server.log_file.read_text("utf-8").splitlines()]
        for line in lines:
            assert {"time", "level", "message"} <= line.keys(), line
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", line["time"]) and line["level"] in (
                "info",
                "warning",
                "error",
            ), line
        requests = [line for line in lines if line["message"] == "Request"]
        assert all({"method", "path", "status", "request_id", "trace_id"} <= line.keys() for line in requests)
        assert any(line.get("error_id") == failed["error_id"] for line in requests)
        assert any(line.get("user_id") == user.id for line in requests)
        assert any("Task completed, publishing event" == line["message"] for line in lines)

    def test_in_development_are_one_line_each(self, start):
        server = start()
        user = server.register()
        user.client.get("/nowhere%0d%0aforged%1b[31m")
        server.stop()
        text = server.log_file.read_text("utf-8")
        assert "\x1b" not in text and not any(line.startswith("forged") for line in text.splitlines())

    @pytest.mark.parametrize("where", ["/dev/full", "closed"])
    def test_that_cannot_be_written_do_not_stop_the_server(self, tmp_path, where):
        port = free_port()
        env = environment(DATABASE_URL=f"sqlite:///{tmp_path}/todo.db") | {"PORT": str(port)}
        redirect = "> /dev/full" if where == "/dev/full" else ">&-"
        process = subprocess.Popen(
            ["sh", "-c", f'exec "$0" serve {redirect}', str(BINARY)], env=env, stderr=subprocess.DEVNULL
        )
        try:
            serves(process, port, requests=300)
        finally:
            process.terminate()
            assert process.wait(60) == 0

    def test_that_nobody_reads_do_not_stop_the_server(self, tmp_path):
        port = free_port()
        env = environment(DATABASE_URL=f"sqlite:///{tmp_path}/todo.db") | {"PORT": str(port)}
        process = subprocess.Popen(
            [BINARY, "serve"], env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )  # the pipe is never read
        try:
            serves(process, port, requests=3000)
        finally:
            process.terminate()
            assert process.wait(60) == 0

    def test_go_on_when_the_reader_of_the_pipe_has_gone(self, tmp_path):
        port = free_port()
        env = environment(DATABASE_URL=f"sqlite:///{tmp_path}/todo.db") | {"PORT": str(port)}
        process = subprocess.Popen([BINARY, "serve"], env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        process.stdout.readline()
        process.stdout.close()
        try:
            serves(process, port, requests=300)
        finally:
            process.terminate()
            assert process.wait(60) == 0
