"""`rondo healthcheck`, which a container's engine runs beside the server."""

import socket
import threading

from support import Server, free_port, run


def test_it_ends_with_0_beside_a_server_that_is_ready(server):
    for env in ({"PORT": server.port}, {"PORT": server.port, "HOST": "0.0.0.0"}):
        asked = run("healthcheck", env=env)
        assert (asked.returncode, asked.stdout, asked.stderr) == (0, "ready\n", "")
    assert run("healthcheck", "--port", server.port).returncode == 0


def test_it_ends_with_1_and_a_reason_when_nobody_answers():
    port = free_port()
    asked = run("healthcheck", "--port", port)
    assert asked.returncode == 1
    assert f"No answer from 127.0.0.1 port {port} (connecting: Connection refused)" in asked.stderr


def test_it_tells_why_the_server_is_not_ready(tmp_path):
    detail = b'{"type":"x","status":503,"detail":"The server is starting or stopping."}'
    answer = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: %d\r\n\r\n%s" % (len(detail), detail)
    asked = run("healthcheck", "--port", answered_once(answer))
    assert asked.returncode == 1
    assert asked.stderr == "Not ready (503). The server is starting or stopping.\n"


def test_it_gives_up_on_a_server_that_is_silent():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        asked = run("healthcheck", "--port", silent.getsockname()[1], timeout_s=20)
    assert asked.returncode == 1
    assert "No answer" in asked.stderr


def test_it_changes_nothing_and_needs_no_database(tmp_path):
    server = Server(tmp_path / "server")
    with server:
        asked = run("healthcheck", folder=tmp_path, env={"PORT": server.port, "DATABASE_URL": "sqlite:///none.db"})
    assert asked.returncode == 0
    assert not (tmp_path / "none.db").exists()


def answered_once(answer):
    """The port of somebody who answers the first request with these bytes."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve():
        with listening, listening.accept()[0] as connection:
            connection.recv(65536)
            connection.sendall(answer)

    threading.Thread(target=serve, daemon=True).start()
    return listening.getsockname()[1]
