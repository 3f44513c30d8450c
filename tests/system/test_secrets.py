"""Passwords and tokens are written nowhere."""

import json
import re
import secrets

import pytest
from test_auth import SECRET, log_in


@pytest.mark.parametrize("environment", ["development", "production"])
def test_no_secret_is_ever_logged(start, environment):
    canary = "canary-" + secrets.token_hex(8)
    app_token = "app-" + secrets.token_hex(16)
    server = start(ENVIRONMENT=environment, SECRET_KEY=SECRET, APP_API_TOKEN=app_token)
    user = server.register(password=canary, name=f"name-{canary}")
    seen = {canary, app_token, SECRET, user.access_token, user.refresh_token}
    with server.client() as client:
        log_in(client, user.email, canary)
        log_in(client, user.email, canary + "x")
        client.post("/api/auth/login", data={"username": user.email, "password": canary})
        client.post(
            "/api/auth/login",
            content=f'{{"email":"{user.email}","password":"{canary}"',
            headers={"Content-Type": "application/json"},
        )
        client.post("/api/auth/register", json={"email": canary, "password": canary})
        client.get("/api/auth/me", headers={"Authorization": f"Bearer {user.access_token}x"})
        client.get("/api/auth/me", headers={"Authorization": f"Basic {canary}"})
        client.post("/api/events/task-completed", json={}, headers={"dapr-api-token": app_token})
        client.post("/api/events/task-completed", json={"password": canary}, headers={"dapr-api-token": canary})
        pair = client.post("/api/auth/refresh", json={"refresh_token": user.refresh_token}).json()
        seen |= {pair["access_token"], pair["refresh_token"]}
        client.post("/api/auth/refresh", json={"refresh_token": pair["refresh_token"] + "x"})
        client.post("/api/auth/refresh", json={"refresh_token": user.refresh_token})
    user.client.patch("/api/auth/me", json={"password": canary + "2", "current_password": canary})
    server.raw(f"GET /api/auth/me HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {canary}\x00\r\n\r\n".encode())
    server.stop()
    logged = server.output()
    assert logged
    for secret in seen:
        assert secret not in logged, f"{secret!r} is in the log"


@pytest.mark.sqlite
def test_no_secret_is_in_the_database_as_it_is(start):
    canary = "canary-" + secrets.token_hex(8)
    server = start()
    user = server.register(password=canary)
    with server.client() as client:
        key = {"Idempotency-Key": "k"}
        session = client.post("/api/auth/login", json={"email": user.email, "password": canary}, headers=key).json()
    server.stop()
    stored = b"".join(file.read_bytes() for file in server.folder.glob("todo.db*"))
    assert user.email.encode() in stored
    for secret in (canary, user.access_token, user.refresh_token, session["access_token"], session["refresh_token"]):
        assert secret.encode() not in stored
    assert re.search(rb"\$argon2id\$v=19\$m=19456,t=2,p=1\$", stored)
    assert json.dumps(canary).encode() not in stored
