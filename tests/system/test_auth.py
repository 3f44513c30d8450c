"""Accounts, sessions and tokens: who gets in, and who does not."""

import secrets
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from forged_tokens import decode, forged
from support import PASSWORD, UUID, problem

SECRET = "a-secret-of-the-tests-0123456789abcdef"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    from support import Server

    with Server(tmp_path_factory.mktemp("auth"), SECRET_KEY=SECRET) as one:
        yield one


def email():
    return f"{secrets.token_hex(8)}@example.com"


def from_address(server, number, **options):
    """A client from another address of this machine."""
    return httpx.Client(
        base_url=server.url,
        timeout=60,
        trust_env=False,
        verify=False,
        transport=httpx.HTTPTransport(verify=False, local_address=f"127.0.{number // 250}.{number % 250 + 2}"),
        **options,
    )


def log_in(client, address, password):
    return client.post("/api/auth/login", json={"email": address, "password": password})


def is_alive(server, token):
    with server.client(headers={"Authorization": f"Bearer {token}"}) as client:
        answer = client.get("/api/auth/me")
        assert answer.status_code in (200, 401)
        return answer.status_code == 200


class TestRegister:
    def test_gives_the_user_at_the_top_and_a_session(self, server):
        with server.client() as client:
            body = {
                "email": "Ada.Lovelace@Example.com",
                "password": PASSWORD,
                "confirmPassword": PASSWORD,
                "name": "Ada",
                "timezone": "Europe/London",
            }
            answer = client.post("/api/auth/register", json=body)
        assert answer.status_code == 201
        told = answer.json()
        assert UUID.fullmatch(told["id"]) and told["email"].lower() == "ada.lovelace@example.com"
        assert told["name"] == "Ada" and told["timezone"] == "Europe/London" and told["created_at"].endswith("Z")
        assert told["token_type"] == "bearer" and told["expires_in"] == 1440 * 60
        assert told["user"] == {name: told[name] for name in ("id", "email", "name", "timezone", "created_at")}
        assert decode(told["access_token"])["sub"] == told["id"]
        assert is_alive(server, told["access_token"])

    def test_needs_no_more_than_email_and_password(self, server):
        user = server.register()
        me = user.client.get("/api/auth/me").json()
        assert me.keys() == {"id", "email", "name", "timezone", "created_at"}
        assert me["name"] is None and me["timezone"] == "UTC"

    def test_takes_an_email_once_without_regard_to_case(self, server):
        user = server.register()
        with server.client() as client:
            problem(client.post("/api/auth/register", json={"email": user.email.upper(), "password": PASSWORD}), 409)
            assert log_in(client, user.email.upper(), PASSWORD).status_code == 200

    def test_of_one_email_at_once_succeeds_once(self, server):
        body = {"email": email(), "password": PASSWORD}

        def register(_):
            with server.client() as client:
                return client.post("/api/auth/register", json=body).status_code

        with ThreadPoolExecutor(6) as pool:
            assert sorted(pool.map(register, range(6))) == [201] + [409] * 5

    @pytest.mark.parametrize(
        ("changed", "pointer"),
        [
            ({"email": ...}, "/email"),
            ({"email": ""}, "/email"),
            ({"email": "ada"}, "/email"),
            ({"email": "@example.com"}, "/email"),
            ({"email": "ada@"}, "/email"),
            ({"email": "a b@example.com"}, "/email"),
            ({"email": "a@b@example.com"}, "/email"),
            ({"email": "a\n@example.com"}, "/email"),
            ({"email": "a" * 250 + "@example.com"}, "/email"),
            ({"email": 5}, "/email"),
            ({"email": None}, "/email"),
            ({"password": ...}, "/password"),
            ({"password": "x" * 7}, "/password"),
            ({"password": "é" * 7}, "/password"),
            ({"password": "x" * 129}, "/password"),
            ({"password": 12345678}, "/password"),
            ({"confirmPassword": "another password"}, "/confirmPassword"),
            ({"name": "x" * 256}, "/name"),
            ({"name": 5}, "/name"),
            ({"timezone": "Mars/Olympus"}, "/timezone"),
            ({"timezone": "../etc/passwd"}, "/timezone"),
            ({"is_admin": True}, "/is_admin"),
            ({"id": "0198c0de-0000-7000-8000-000000000001"}, "/id"),
            ({"emial": "a@example.com"}, "/emial"),
        ],
    )
    def test_names_the_field_that_does_not_fit(self, server, changed, pointer):
        body = {
            name: value
            for name, value in ({"email": email(), "password": PASSWORD} | changed).items()
            if value is not ...
        }
        with server.client() as client:
            problem(client.post("/api/auth/register", json=body), 422, pointer)

    @pytest.mark.parametrize(
        "password", ["x" * 8, "x" * 128, "é" * 8, "😀" * 128, "        ", "' or 1=1 --", "👩‍🚀❤️ to the moon"]
    )
    def test_takes_any_password_of_8_to_128_characters_and_no_other_one_after(self, server, password):
        user = server.register(password=password)
        with server.client() as client:
            assert log_in(client, user.email, password).status_code == 200
            problem(log_in(client, user.email, password[1:]), 401)
            problem(log_in(client, user.email, password[:-1] + "y"), 401)
            assert log_in(client, user.email, password).status_code == 200

    @pytest.mark.parametrize(
        ("kept", "typed"),
        [
            ("cafe\u0301 au lait", "café au lait"),
            ("\u1112\u1161\u11ab\u1100\u116e\u11a8" * 4, "한국" * 4),
            ("A\u030angstro\u0308m", "\u212bngström"),
            ("vie\u0323\u0302t nam", "việt nam"),
            ("two\u00a0words", "two\u3000words"),
        ],
    )
    def test_takes_a_password_however_a_keyboard_composes_it(self, server, kept, typed):
        user = server.register(password=kept)
        with server.client() as client:
            assert log_in(client, user.email, typed).status_code == 200
            assert log_in(client, user.email, kept).status_code == 200
            problem(log_in(client, user.email, typed.replace("é", "e").replace("한", "하") + "x"), 401)

    @pytest.mark.parametrize(
        "password", ["a\tb\tcdefgh", "line\nbreak", "back\x08space", "delete\x7fd", "next\u0085line"]
    )
    def test_refuses_control_characters_in_a_password(self, server, password):
        with server.client() as client:
            body = {"email": email(), "password": password}
            problem(client.post("/api/auth/register", json=body), 422, "/password")

    def test_names_every_fault_at_once(self, server):
        with server.client() as client:
            told = problem(
                client.post("/api/auth/register", json={"email": "ada", "password": "x", "timezone": "X", "foo": 1}),
                422,
            )
        assert {fault["pointer"] for fault in told["errors"]} == {"/email", "/password", "/timezone", "/foo"}


class TestLogin:
    def test_takes_json_and_the_form_of_oauth(self, server):
        user = server.register(password="pass&word=+% é")
        with server.client() as client:
            forms = [
                client.post("/api/auth/login", data={"username": user.email, "password": "pass&word=+% é"}),
                client.post(
                    "/api/auth/login",
                    data={"grant_type": "password", "username": user.email, "password": "pass&word=+% é", "scope": ""},
                ),
                log_in(client, user.email, "pass&word=+% é"),
            ]
        for answer in forms:
            assert answer.status_code == 200, answer.text
            told = answer.json()
            assert told.keys() == {"access_token", "refresh_token", "token_type", "expires_in", "user"}
            assert told["user"]["id"] == user.id

    def test_does_not_say_which_was_wrong(self, server):
        user = server.register()
        with server.client() as client:
            wrong = problem(log_in(client, user.email, "wrong password"), 401)
            unknown = problem(log_in(client, email(), "wrong password"), 401)
            assert log_in(client, user.email, PASSWORD).status_code == 200
        assert {name: wrong[name] for name in wrong if name != "error_id"} == {
            name: unknown[name] for name in unknown if name != "error_id"
        }

    @pytest.mark.parametrize(
        "content",
        [
            b"username=a",
            b"password=b",
            b"",
            b"username=%zz&password=b",
            b"username=a%00&password=b",
            b"username=%ff%fe&password=bbbbbbbb",
        ],
    )
    def test_refuses_a_broken_form(self, server, content):
        with server.client() as client:
            answer = client.post(
                "/api/auth/login", content=content, headers={"Content-Type": "application/x-www-form-urlencoded"}
            )
        assert answer.status_code in (400, 401, 422), answer.text
        problem(answer, answer.status_code)

    @pytest.mark.speed
    def test_takes_as_long_for_an_unknown_email_as_for_a_wrong_password(self, start):
        server = start()
        users = [server.register() for _ in range(8)]
        took = {"unknown": [], "wrong": []}
        for i in range(48):
            with from_address(server, i) as client:
                client.get("/livez")  # so that connecting is not measured
                for kind, address in (("unknown", email()), ("wrong", users[i % 8].email)):
                    began = time.perf_counter()
                    problem(log_in(client, address, "wrong password"), 401)
                    took[kind].append(time.perf_counter() - began)
        unknown, wrong = statistics.median(took["unknown"]), statistics.median(took["wrong"])
        assert 0.8 < unknown / wrong < 1.25, f"{unknown * 1000:.1f} ms and {wrong * 1000:.1f} ms"


class TestThrottle:
    def test_of_an_account_outlives_a_restart_and_leaves_others_alone(self, start):
        server = start()
        victim, other = server.register(), server.register()
        for i in range(10):
            with from_address(server, i) as client:
                problem(log_in(client, victim.email, "wrong password"), 401)

        def blocked():
            with from_address(server, 77) as client:
                refused = log_in(client, victim.email, PASSWORD)
                problem(refused, 429)
                assert 1 <= int(refused.headers["retry-after"]) <= 900
                assert log_in(client, other.email, PASSWORD).status_code == 200

        blocked()
        server.stop()
        server.start()
        blocked()
        assert victim.again().client.get("/api/auth/me").status_code == 200, "a session that is there goes on"

    def test_of_an_address_leaves_other_addresses_alone(self, start):
        server = start()
        user = server.register()
        with from_address(server, 1) as client:
            for _ in range(10):
                problem(log_in(client, email(), "wrong password"), 401)
            problem(log_in(client, user.email, PASSWORD), 429)
            assert client.get("/livez").status_code == 200
        with from_address(server, 2) as client:
            assert log_in(client, user.email, PASSWORD).status_code == 200

    def test_does_not_count_over_a_right_login(self, start):
        server = start()
        user = server.register()
        for i in range(3):
            with from_address(server, i) as client:
                for _ in range(9):
                    problem(log_in(client, user.email, "wrong password"), 401)
            with from_address(server, 100 + i) as client:
                assert log_in(client, user.email, PASSWORD).status_code == 200

    def test_does_not_touch_requests_that_are_logged_in(self, server, user):
        assert {user.client.get("/api/tasks").status_code for _ in range(500)} == {200}


class TestTokens:
    def test_are_jwts_with_the_agreed_parts(self, server, user):
        import base64

        head = user.access_token.split(".")[0]
        assert base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)) == b'{"alg":"HS256","typ":"at+jwt"}'
        claims = decode(user.access_token)
        assert claims.keys() == {"sub", "sid", "jti", "iat", "nbf", "exp", "iss", "aud"}
        assert claims["sub"] == user.id and claims["iss"] == claims["aud"] == "rondo"
        assert claims["exp"] - claims["iat"] == 1440 * 60

    def test_that_are_forged_all_meet_the_same_401(self, server, user):
        bad = forged(user.access_token, SECRET)
        assert len(bad) >= 60
        with server.client() as client:
            expected = problem(client.get("/api/auth/me", headers={"Authorization": "Bearer x.y.z"}), 401)
            for name, token in bad.items():
                if not token or "\n" in token:
                    continue  # the client would not send such a header
                answer = client.get("/api/auth/me", headers={"Authorization": b"Bearer " + token.encode()})
                assert answer.status_code == 401, f"{name}: {answer.status_code}"
                told = problem(answer, 401)
                assert told["detail"] == expected["detail"] and told["type"] == expected["type"], name
        assert is_alive(server, user.access_token), "the real one is still good"

    @pytest.mark.parametrize(
        "header",
        [
            "",
            "Bearer",
            "Basic YTpi",
            "bearer",
            "Token {}",
            "{}",
            "Bearer  {}x",
            "Bearer {} {}",
            "Bearer {},Bearer {}",
            "Bearer\t{}",
        ],
    )
    def test_need_the_bearer_scheme(self, server, user, header):
        with server.client() as client:
            problem(client.get("/api/auth/me", headers={"Authorization": header.replace("{}", user.access_token)}), 401)

    def test_are_taken_with_the_scheme_in_any_case_and_only_from_the_header(self, server, user):
        with server.client() as client:
            for scheme in ("Bearer", "bearer", "BEARER"):
                assert (
                    client.get("/api/auth/me", headers={"Authorization": f"{scheme} {user.access_token}"}).status_code
                    == 200
                )
            problem(client.get("/api/auth/me", params={"access_token": user.access_token}), 401)
            problem(client.get("/api/auth/me", headers={"Cookie": f"access_token={user.access_token}"}), 401)

    def test_end_after_their_time(self, start):
        server = start(ACCESS_TOKEN_EXPIRE_MINUTES=1)
        user = server.register()
        claims = decode(user.access_token)
        assert claims["exp"] - claims["iat"] == 60

    def test_of_another_secret_are_void(self, start):
        server = start(SECRET_KEY=SECRET)
        user = server.register()
        server.stop()
        server.env["SECRET_KEY"] = SECRET + "x"
        server.start()
        assert not is_alive(server, user.access_token)


class TestSessions:
    def refresh(self, server, token):
        with server.client() as client:
            return client.post("/api/auth/refresh", json={"refresh_token": token})

    def test_refreshing_gives_a_new_pair_of_the_same_session(self, server, user):
        answer = self.refresh(server, user.refresh_token)
        assert answer.status_code == 200
        told = answer.json()
        assert told["refresh_token"] != user.refresh_token and told["access_token"] != user.access_token
        assert decode(told["access_token"])["sid"] == decode(user.access_token)["sid"]
        assert told["user"]["id"] == user.id and is_alive(server, told["access_token"])

    def test_a_refresh_token_used_twice_revokes_its_family_and_no_other(self, server, user):
        with server.client() as client:
            elsewhere = log_in(client, user.email, PASSWORD).json()
        pair = self.refresh(server, user.refresh_token).json()
        newest = self.refresh(server, pair["refresh_token"]).json()
        problem(self.refresh(server, user.refresh_token), 401)
        problem(self.refresh(server, newest["refresh_token"]), 401)
        for token in (user.access_token, pair["access_token"], newest["access_token"]):
            assert not is_alive(server, token)
        assert is_alive(server, elsewhere["access_token"])
        assert self.refresh(server, elsewhere["refresh_token"]).status_code == 200

    def test_of_two_refreshes_at_once_one_wins_and_the_reuse_is_noticed(self, server, user):
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _: self.refresh(server, user.refresh_token), range(4)))
        assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]
        winner = next(answer.json() for answer in answers if answer.status_code == 200)
        assert not is_alive(server, winner["access_token"])

    @pytest.mark.parametrize("token", ["", "x", "a" * 43, "a" * 5000, "../../x", "%00", "é"])
    def test_a_refresh_token_that_is_none_is_401_or_422(self, server, token):
        answer = self.refresh(server, token)
        assert answer.status_code in (401, 422)
        problem(answer, answer.status_code)

    def test_an_access_token_refreshes_nothing(self, server, user):
        assert self.refresh(server, user.access_token).status_code in (401, 422)

    def test_logging_out_ends_this_session_alone(self, server, user):
        with server.client() as client:
            elsewhere = log_in(client, user.email, PASSWORD).json()
        answer = user.client.post("/api/auth/logout")
        assert answer.status_code == 204 and answer.content == b""
        assert not is_alive(server, user.access_token)
        problem(self.refresh(server, user.refresh_token), 401)
        problem(user.client.post("/api/auth/logout"), 401)
        assert is_alive(server, elsewhere["access_token"])

    def test_a_new_password_ends_every_session(self, server, user):
        with server.client() as client:
            elsewhere = log_in(client, user.email, PASSWORD).json()
        problem(user.client.patch("/api/auth/me", json={"password": "a new password"}), 422, "/current_password")
        wrong = user.client.patch(
            "/api/auth/me", json={"password": "a new password", "current_password": "wrong password"}
        )
        assert wrong.status_code in (401, 422)
        assert is_alive(server, user.access_token)
        answer = user.client.patch("/api/auth/me", json={"password": "a new password", "current_password": PASSWORD})
        assert answer.status_code == 200
        for token in (user.access_token, elsewhere["access_token"]):
            assert not is_alive(server, token)
        assert is_alive(server, answer.json()["access_token"]), "whoever changed it goes on with a new session"
        problem(self.refresh(server, elsewhere["refresh_token"]), 401)
        with server.client() as client:
            problem(log_in(client, user.email, PASSWORD), 401)
            assert log_in(client, user.email, "a new password").status_code == 200

    def test_the_list_tells_where_one_is_logged_in(self, server, user):
        with server.client(headers={"User-Agent": "A phone"}) as client:
            phone = log_in(client, user.email, PASSWORD).json()
        with server.client(headers={"User-Agent": b"\xc3\xa9" + b"x" * 300}) as client:
            assert log_in(client, user.email, PASSWORD).status_code == 200
        stranger = server.register()
        listed = user.client.get("/api/auth/sessions").json()
        assert {one["id"]: one["current"] for one in listed}[decode(user.access_token)["sid"]] is True
        assert sum(one["current"] for one in listed) == 1 and len(listed) == 3
        agents = [one["agent"] for one in listed]
        assert "A phone" in agents and any(agent.endswith("x" * 250) and len(agent) == 256 for agent in agents)
        for one in listed:
            assert one["created_at"] <= one["last_used_at"] < one["expires_at"]
        assert len(stranger.client.get("/api/auth/sessions").json()) == 1

        renewed = self.refresh(server, phone["refresh_token"])
        assert renewed.status_code == 200
        first = user.client.get("/api/auth/sessions").json()[0]
        assert first["agent"] == "A phone" and first["last_used_at"] > first["created_at"]

    def test_a_session_can_be_ended_from_another(self, server, user):
        with server.client(headers={"User-Agent": "A phone"}) as client:
            phone = log_in(client, user.email, PASSWORD).json()
        sid = decode(phone["access_token"])["sid"]
        stranger = server.register()
        problem(stranger.client.delete(f"/api/auth/sessions/{sid}"), 404)
        assert is_alive(server, phone["access_token"])
        assert user.client.delete(f"/api/auth/sessions/{sid}").status_code == 204
        assert not is_alive(server, phone["access_token"]) and is_alive(server, user.access_token)
        problem(self.refresh(server, phone["refresh_token"]), 401)
        problem(user.client.delete(f"/api/auth/sessions/{sid}"), 404)
        problem(user.client.delete("/api/auth/sessions/nothing"), 404)
        assert [one["current"] for one in user.client.get("/api/auth/sessions").json()] == [True]

        own = decode(user.access_token)["sid"]
        assert user.client.delete(f"/api/auth/sessions/{own}").status_code == 204
        problem(user.client.get("/api/auth/sessions"), 401)

    def test_sessions_outlive_a_restart(self, start):
        server = start()
        user = server.register()
        server.kill()
        server.start()
        assert is_alive(server, user.access_token)
        assert self.refresh(server, user.refresh_token).status_code == 200


class TestMe:
    def test_name_and_zone_can_be_changed(self, server, user):
        answer = user.client.patch("/api/auth/me", json={"name": "Grace", "timezone": "America/New_York"})
        assert answer.status_code == 200 and answer.json() == user.client.get("/api/auth/me").json()
        assert answer.json()["name"] == "Grace" and answer.json()["timezone"] == "America/New_York"
        assert user.client.patch("/api/auth/me", json={"name": None}).json()["name"] is None
        task = user.create(due_date="2026-02-08T09:00")
        assert task["timezone"] == "America/New_York" and task["due_date"] == "2026-02-08T09:00:00-05:00"

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({"timezone": "X"}, "/timezone"),
            ({"name": "x" * 256}, "/name"),
            ({"password": "short", "current_password": PASSWORD}, "/password"),
            ({"email": "new@example.com"}, "/email"),
            ({"created": "x"}, "/created"),
            ({"nmae": "x"}, "/nmae"),
        ],
    )
    def test_a_field_that_does_not_fit_is_named(self, user, body, pointer):
        problem(user.client.patch("/api/auth/me", json=body), 422, pointer)

    def test_bounds_are_taken_to_the_last_character(self, user):
        assert user.client.patch("/api/auth/me", json={"name": "é" * 255}).json()["name"] == "é" * 255
