"""What the fuzzer cannot know of the contract: loaded by schemathesis (SCHEMATHESIS_HOOKS)."""

import os
import uuid
from datetime import UTC, datetime
from zoneinfo import available_timezones

import httpx
import schemathesis
from hypothesis import strategies as st
from schemathesis import GenerationMode

URL = os.environ["RONDO_FUZZ_URL"]
LOGIN = {"email": os.environ["RONDO_FUZZ_EMAIL"], "password": os.environ["RONDO_FUZZ_PASSWORD"]}
# Zones that every release of the tz database has.
ZONES = sorted(
    zone
    for zone in available_timezones()
    if zone.split("/")[0] in ("Africa", "America", "Asia", "Europe", "Pacific", "UTC")
)


def instants(last):
    """Times with an offset, away from the ends of the calendar, where an offset would leave it."""
    moments = st.datetimes(datetime(1900, 1, 1), last.replace(tzinfo=None))
    offsets = st.sampled_from(["Z", "+00:00", "-05:00", "+05:30", "+14:00", "-11:59"])
    return st.builds(lambda moment, offset: moment.isoformat(timespec="milliseconds") + offset, moments, offsets)


schemathesis.openapi.format("date-time", instants(datetime(2200, 1, 1)))
schemathesis.openapi.format(
    "past-date-time", instants(datetime.now(UTC).replace(year=datetime.now(UTC).year - 1, day=1))
)
# Rules that begin with the due date, whatever that is.
schemathesis.openapi.format(
    "recurrence-rule",
    st.builds(
        lambda freq, every, end: f"FREQ={freq};INTERVAL={every}{end}",
        st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
        st.integers(1, 9999),
        st.sampled_from(["", ";COUNT=1", ";COUNT=10000", ";WKST=SU"]),
    ),
)
schemathesis.openapi.format("iana-time-zone", st.sampled_from(ZONES))
# A word or a sign among whatever else.
schemathesis.openapi.format(
    "search-words",
    st.builds(
        lambda before, word, after: f"{before} {word} {after}",
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=90),
        st.sampled_from(["a", "7", "%", "*", '"', "牛乳", "🌱", "Łódź", "C++"]),
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=90),
    ),
)
schemathesis.openapi.format("email", st.from_regex(r"[a-z0-9]{1,20}@[a-z0-9]{1,20}\.example", fullmatch=True))
schemathesis.openapi.format(
    "password", st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=8, max_size=128)
)


def without_lengths(schema):
    """The fuzzer would look long for a zone of exactly 63 letters, and for one of 64."""
    if isinstance(schema, dict):
        if schema.get("format") in ("iana-time-zone", "email", "recurrence-rule"):
            schema.pop("minLength", None)
            schema.pop("maxLength", None)
        for part in schema.values():
            without_lengths(part)
    elif isinstance(schema, list):
        for part in schema:
            without_lengths(part)


@schemathesis.hook
def before_load_schema(context, raw_schema):
    without_lengths(raw_schema)


def log_in():
    """Logs in from another address of this machine: the fuzzer's wrong logins close the door to its own."""
    with httpx.Client(transport=httpx.HTTPTransport(local_address="127.0.0.9", verify=False), timeout=60) as client:
        answer = client.post(URL + "/api/auth/login", json=LOGIN)
    answer.raise_for_status()
    return answer.json()["access_token"]


class Session:
    def get(self, case, context):
        return log_in()

    def set(self, case, data, context):
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.auth().apply_to(path_regex="^/api/(tasks|tags|trash|recurrence|stats|auth/me|events$)")
class LastingSession(Session):
    """One session for all calls."""


@schemathesis.auth(refresh_interval=None).apply_to(path="/api/auth/logout")
class SessionOfItsOwn(Session):
    """A new session for each call: logging out ends it."""


IGNORED = ("id", "user_id", "series_id", "occurrence", "version", "created_at", "updated_at", "task_count")
UNGUESSABLE = ("tag_ids", "parent_task_id")


def is_known_tag(tag):
    return not isinstance(tag, dict) or tag.get("name") is not None


@schemathesis.hook
def before_call(context, case, kwargs):
    """Makes what is meant to fit really fit, where no schema can tell: what has an id, a cursor, or was there before."""
    if case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE:
        return
    if case.query:
        case.query.pop("cursor", None)
        case.query.pop("after", None)  # an event's id: none can be guessed
    for name in list(case.headers or {}):
        if name.lower() == "if-match":
            del case.headers[name]  # no guess is the present entity tag
        elif name.lower() == "idempotency-key":
            case.headers[name] = uuid.uuid4().hex  # with another body, one that came before is refused
    if not isinstance(case.body, dict):
        return
    if case.path.startswith(("/api/tasks", "/api/tags", "/api/recurrence", "/api/auth/me")):
        # What is ignored may be anything but what no JSON of ours may hold: NUL, numbers beyond 64 bits.
        for name in IGNORED + UNGUESSABLE:
            case.body.pop(name, None)
    if isinstance(case.body.get("tags"), list):
        case.body["tags"] = [
            {"name": tag["name"]} if isinstance(tag, dict) else tag for tag in case.body["tags"] if is_known_tag(tag)
        ]
    if case.path == "/api/auth/register" and "confirmPassword" in case.body:
        case.body["confirmPassword"] = case.body["password"]
