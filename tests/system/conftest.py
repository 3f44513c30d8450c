import pytest
from brokers import chain, own_broker, topic  # noqa: F401
from databases import ON_POSTGRES, POSTGRES
from support import BINARY, SANITIZED, Server


# Begun last, one of these would keep the others waiting for it.
LONGEST_FIRST = [
    "test_openapi",
    "test_kafka",
    "test_event_stream",
    "test_dapr",
    "test_replicas",
    "test_occurrence_states",
]


def pytest_collection_modifyitems(items):
    rank = {name: number for number, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: rank.get(item.path.stem, len(rank)))
    for item in items:
        if SANITIZED and item.get_closest_marker("speed"):
            item.add_marker(pytest.mark.skip(reason="speed means nothing with a sanitizer"))
        if ON_POSTGRES and item.get_closest_marker("sqlite"):
            item.add_marker(pytest.mark.skip(reason="is about a SQLite file"))


def pytest_sessionstart():
    if not BINARY.is_file():
        pytest.exit(f"{BINARY} is not there: build it, or set RONDO_BINARY", returncode=2)
    if ON_POSTGRES and not POSTGRES:
        pytest.exit("RONDO_TEST_POSTGRES is not set: tools/dev-services start postgres prints it", returncode=2)


@pytest.fixture
def start(tmp_path):
    """Starts servers that are stopped when the test is over: start(VARIABLE=value, ...)."""
    running = []

    def start_one(folder="server", **env):
        server = Server(tmp_path / folder, **env)
        running.append(server)
        return server.start()

    yield start_one
    for server in running:
        if server.process:
            server.stop()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """One server for all tests of a module, for tests that do not disturb each other."""
    with Server(tmp_path_factory.mktemp("shared")) as one:
        yield one


@pytest.fixture
def user(server):
    return server.register()
