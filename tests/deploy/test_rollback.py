"""deploy/kubernetes/rollback against a stand-in of kubectl: which way it takes, and what it says when a step fails."""

import contextlib
import os
import pathlib
import re
import sqlite3
import subprocess

import pytest
import yaml
from files import DEPLOY
from support import run as run_rondo

SCRIPT = DEPLOY / "kubernetes" / "rollback"
STAND_IN = pathlib.Path(__file__).resolve().parent / "stand-in"
SETS = ["1 todo-backend-a rondo:5.0.0", "2 todo-backend-b rondo:6.0.0", "9 todo-backend-c rondo:6.0.1"]
QUICK_CHANGES = ["rollout undo"]
FULL_CHANGES = ["scale 0", "delete job migrate", "migrate down", "rollout undo", "scale 3"]


class Cluster:
    """What the stand-in answers from, and what it was asked."""

    def __init__(self, folder, newest, schema):
        self.folder = folder
        dump, variables = "PGDMP and more", '[{"name":"DATABASE_URL","value":"postgresql://rondo@x/rondo"}]'
        self.set(
            sets="\n".join([*SETS, f"10 todo-backend-d {newest}"]) + "\n",
            variables=variables,
            dump=dump,
            phase="Failed",
        )
        self.set(revision=10, replicas=3, schema=schema, fails_at=0, calls="", waits="")

    def set(self, **values):
        for name, value in values.items():
            (self.folder / name).write_text(str(value))

    def get(self, name):
        return (self.folder / name).read_text().strip()

    def calls(self):
        return self.get("calls").splitlines()

    def now(self):
        return {name: self.get(name) for name in ("revision", "replicas", "schema")}

    def rollback(self, *arguments):
        self.set(calls="")
        environment = os.environ | {"PATH": f"{STAND_IN}:{os.environ['PATH']}", "STAND_IN": str(self.folder)}
        return subprocess.run(
            [SCRIPT, *arguments], capture_output=True, text=True, cwd=self.folder, env=environment, timeout=60
        )

    def changes(self):
        """The calls that change something, in short."""
        short = {
            r" rollout undo (?!.*--dry-run)": "rollout undo",
            r" scale .*--replicas (\d+)": r"scale \1",
            r" delete job (\S+)": r"delete job \1",
            r" logs rollback-migrate": "migrate down",
        }
        found = []
        for call in self.calls():
            found += [match.expand(what) for how, what in short.items() if (match := re.search(how, call))]
        return found


@pytest.fixture
def same_schema(tmp_path):
    return Cluster(tmp_path, "rondo:6.0.1", 2)


@pytest.fixture
def newer_schema(tmp_path):
    return Cluster(tmp_path, "rondo:7.0.0", 3)


def refused(ended, why):
    assert ended.returncode == 64, ended.stdout + ended.stderr
    assert why in ended.stderr


def test_help_has_an_example_of_each_way(same_schema):
    ended = same_schema.rollback("--help")
    assert ended.returncode == 0
    assert re.search(r"^ +deploy/kubernetes/rollback quick --verify ", ended.stdout, re.M)
    assert re.search(r"^ +deploy/kubernetes/rollback full --steps 1 ", ended.stdout, re.M)
    assert not same_schema.calls()


@pytest.mark.parametrize(
    "call",
    [
        [],
        ["slow"],
        ["full"],
        ["full", "--steps"],
        ["full", "--steps", "0"],
        ["full", "--steps", "one"],
        ["quick", "--steps", "1"],
        ["quick", "--yes"],
        ["quick", "--to-revision", "-1"],
        ["quick", "--loud"],
    ],
    ids=" ".join,
)
def test_a_wrong_call_asks_the_cluster_nothing(same_schema, call):
    ended = same_schema.rollback(*call)
    refused(ended, "Not done: ")
    assert not same_schema.calls()


def test_quick_goes_to_the_revision_before(same_schema):
    ended = same_schema.rollback("quick")
    assert ended.returncode == 0, ended.stderr
    assert same_schema.changes() == QUICK_CHANGES
    assert same_schema.now() == {"revision": "9", "replicas": "3", "schema": "2"}
    assert "rollout status" in same_schema.calls()[-1]
    assert "back to: revision 9, rondo:6.0.1" in ended.stdout


def test_quick_goes_to_a_revision_that_is_named(same_schema):
    assert same_schema.rollback("quick", "--to-revision", "2").returncode == 0
    assert same_schema.now()["revision"] == "2"


def test_quick_is_refused_where_the_schema_is_newer(newer_schema):
    before = newer_schema.now()
    ended = newer_schema.rollback("quick")
    refused(ended, "full --steps 1")
    assert newer_schema.now() == before and not newer_schema.changes()


def test_full_is_refused_where_the_schema_is_the_same(same_schema):
    before = same_schema.now()
    refused(same_schema.rollback("full", "--steps", "1"), "rollback quick")
    assert same_schema.now() == before and not same_schema.changes()


@pytest.mark.parametrize("steps", ["1", "2", "4"])
def test_full_takes_no_other_number_of_steps_than_is_needed(tmp_path, steps):
    cluster = Cluster(tmp_path, "rondo:8.0.0", 5)
    refused(cluster.rollback("full", "--steps", steps), "full --steps 3")
    assert not cluster.changes() and not list(tmp_path.glob("*.dump"))


@pytest.mark.parametrize("way", [["quick"], ["full", "--steps", "1"]], ids=" ".join)
@pytest.mark.parametrize(
    "sets", ["10 todo-backend-d rondo:7.0.0\n", "10 todo-backend-d rondo:7.0.0\n11 x rondo:6.0.0\n"]
)
def test_without_a_revision_before_nothing_is_done(newer_schema, way, sets):
    newer_schema.set(sets=sets)
    refused(newer_schema.rollback(*way), "no revision before 10")
    assert not newer_schema.changes()


def test_a_revision_that_is_not_kept_is_refused(same_schema):
    refused(same_schema.rollback("quick", "--to-revision", "3"), "no revision 3")


@pytest.mark.parametrize(
    "says, code",
    [
        ("Cannot use the database x: its server is older than PostgreSQL 14.", 78),  # the same code as a newer schema
        ("Cannot connect to postgresql://rondo@x/rondo: timeout", 69),
        ("0001_initial  pending", 0),  # another, empty database
        ("", 0),
    ],
)
def test_an_answer_that_does_not_tell_stops_it(newer_schema, says, code):
    newer_schema.set(says=says + "\n", says_code=code)
    ended = newer_schema.rollback("quick")
    assert ended.returncode == 1 and "does not tell" in ended.stderr and "State: Nothing was changed." in ended.stderr
    assert says in ended.stdout and not newer_schema.changes()


def test_an_environment_without_a_database_is_not_asked(newer_schema):
    newer_schema.set(variables="[]")
    ended = newer_schema.rollback("quick")
    assert ended.returncode == 1 and "no DATABASE_URL" in ended.stderr
    assert not any("create" in call for call in newer_schema.calls())


def test_an_older_image_that_is_gone_is_told_before_anything_is_changed(newer_schema):
    newer_schema.set(phase="Pending", waits="ImagePullBackOff")
    ended = newer_schema.rollback("full", "--steps", "1")
    assert ended.returncode == 1 and "ImagePullBackOff" in ended.stderr and "Nothing was changed" in ended.stderr
    assert not newer_schema.changes()


def test_full_stops_the_servers_before_the_schema_and_starts_them_after_it(newer_schema):
    ended = newer_schema.rollback("full", "--steps", "1", "--dump", "copy.dump")
    assert ended.returncode == 0, ended.stderr
    assert newer_schema.changes() == FULL_CHANGES
    assert newer_schema.now() == {"revision": "9", "replicas": "3", "schema": "2"}
    copy = newer_schema.folder / "copy.dump"
    assert copy.read_text() == "PGDMP and more" and copy.stat().st_mode & 0o77 == 0
    calls = newer_schema.calls()
    dumped, stopped = (next(i for i, call in enumerate(calls) if word in call) for word in (" exec ", " --replicas 0"))
    gone = next(i for i, call in enumerate(calls) if "wait pod" in call and "--for delete" in call)
    assert dumped < stopped < gone < calls.index("-n todo-app logs rollback-migrate")


def test_a_dump_that_is_none_stops_it(newer_schema):
    newer_schema.set(dump="pg_dump: error")
    ended = newer_schema.rollback("full", "--steps", "1")
    assert ended.returncode == 1 and "is no dump" in ended.stderr and "Nothing was changed" in ended.stderr
    assert not newer_schema.changes()


def test_a_dump_is_not_written_over_another(newer_schema):
    newer_schema.set(**{"copy.dump": "from yesterday"})
    refused(newer_schema.rollback("full", "--steps", "1", "--dump", "copy.dump"), "there already")
    assert newer_schema.get("copy.dump") == "from yesterday"


def test_without_a_dump_no_database_of_the_cluster_is_asked(newer_schema):
    assert newer_schema.rollback("full", "--steps", "1", "--no-dump").returncode == 0
    assert not any(" exec " in call for call in newer_schema.calls())
    assert not list(newer_schema.folder.glob("*.dump*"))


def test_data_is_lost_with_yes_alone_and_without_it_nothing_is_changed(newer_schema):
    newer_schema.set(loses="")
    ended = newer_schema.rollback("full", "--steps", "1")
    refused(ended, "--yes")
    assert "loses notes" in ended.stdout and not newer_schema.changes()
    assert not any(" exec " in call for call in newer_schema.calls()), "a dump is not needed either"
    assert newer_schema.rollback("full", "--steps", "1", "--yes", "--no-dump").returncode == 0
    assert newer_schema.now()["schema"] == "2"


def test_what_was_written_since_it_was_asked_is_not_lost_either(newer_schema):
    newer_schema.set(loses_later="")
    before = newer_schema.now()
    ended = newer_schema.rollback("full", "--steps", "1")
    refused(ended, "--yes")
    assert "loses notes" in ended.stdout
    assert newer_schema.now() == before and newer_schema.changes()[-1] == "scale 3"


def test_the_pod_is_one_that_the_namespace_admits_and_the_database_lets_in(newer_schema):
    newer_schema.rollback("quick")
    pod = yaml.safe_load(newer_schema.get("pod"))
    (job,) = (one for one in yaml.safe_load_all((DEPLOY / "kubernetes/base/todo-app/migrate.yaml").read_text()) if one)
    template = job["spec"]["template"]
    assert template["metadata"]["labels"].items() <= pod["metadata"]["labels"].items()
    assert pod["metadata"]["annotations"] == template["metadata"]["annotations"]
    assert pod["spec"]["securityContext"] == template["spec"]["securityContext"]
    ours, theirs = pod["spec"]["containers"][0], template["spec"]["containers"][0]
    assert ours["securityContext"] == theirs["securityContext"] and ours["resources"] == theirs["resources"]
    assert ours["image"] == "rondo:6.0.1" and ours["args"] == ["migrate", "status"]
    assert ours["env"] == yaml.safe_load(newer_schema.get("variables"))


def steps_of(way, folder):
    """How many calls a good run makes."""
    cluster = Cluster(folder, *(("rondo:6.0.1", 2) if way[0] == "quick" else ("rondo:7.0.0", 3)))
    assert cluster.rollback(*way).returncode == 0
    return len(cluster.calls())


@pytest.mark.parametrize("way", [["quick"], ["full", "--steps", "1"]], ids=" ".join)
def test_wherever_a_step_fails_it_stops_says_how_things_stand_and_what_helps(tmp_path, way):
    followed = set()
    for number in range(2, steps_of(way, tmp_path) + 1):  # the first only tells the cluster's name
        for copy in tmp_path.glob("*.dump*"):
            copy.unlink()
        cluster = Cluster(tmp_path, *(("rondo:6.0.1", 2) if way[0] == "quick" else ("rondo:7.0.0", 3)))
        before = cluster.now()
        cluster.set(fails_at=number)
        ended = cluster.rollback(*way)
        at = f"call {number}, {cluster.calls()[-1]}:\n{ended.stdout}{ended.stderr}"
        assert ended.returncode == 1, at
        assert len(cluster.calls()) == number, f"went on after {at}"
        state, advice = re.search(r"^State: (.*)\nNext: (.*)$", ended.stderr, re.M).groups()
        if cluster.now() != before or cluster.changes():
            assert state != "Nothing was changed." or cluster.changes() == ["rollout undo"], at
        if "No server runs" in state:
            assert cluster.now()["replicas"] == "0", at
        if "is the older version's" in state or "were taken back" in state:
            assert cluster.now()["schema"] == "2", at
        assert bool(list(tmp_path.glob("*.dump"))) == ("The database as it was: " in ended.stderr), at
        if (state, advice, *cluster.now().values()) in followed:
            continue
        followed.add((state, advice, *cluster.now().values()))
        cluster.set(fails_at=0)
        follow(cluster, advice, way)
        assert cluster.now() == {"revision": "9", "replicas": "3", "schema": "2"}, at


def follow(cluster, advice, way):
    """Does the first thing that it says."""
    for count in re.findall(r"^kubectl .*scale deployment/todo-backend --replicas (\d+)", advice):
        cluster.set(replicas=count)
    if "call this again" in advice:
        given = re.search(r"again with (--replicas \d+)", advice)
        again = cluster.rollback(*way, *(given[1].split() if given else []), *(["--no-dump"] if "full" in way else []))
        if other := re.search(r"This way: \S+ (.*)\.$", again.stderr, re.M):
            again = cluster.rollback(*other[1].split())
    elif found := re.search(r"rollback (quick .*?)\. Or", advice):
        again = cluster.rollback(*found[1].split())
    else:
        return
    assert again.returncode == 0, again.stdout + again.stderr


def test_the_words_that_it_knows_a_newer_schema_by_are_the_programs(tmp_path):
    given = {"DATABASE_URL": f"sqlite:///{tmp_path / 'todo.db'}"}
    assert run_rondo("migrate", "up", env=given).returncode == 0
    status = run_rondo("migrate", "status", env=given)
    assert status.returncode == 0 and re.match(r"[0-9].*  applied ", status.stdout)
    with contextlib.closing(sqlite3.connect(tmp_path / "todo.db")) as db:
        columns = [row[1] for row in db.execute("pragma table_info(schema_migrations)")]
        kept = db.execute(f"select {', '.join(columns)} from schema_migrations order by version desc").fetchone()
        row = dict(zip(columns, kept, strict=True)) | {"version": 9999, "name": "9999_later"}
        db.execute(f"insert into schema_migrations values ({', '.join('?' * len(row))})", list(row.values()))
        db.commit()
    ended = run_rondo("migrate", "status", env=given)
    assert ended.returncode == int(re.search(r"refused_exit=(\d+)", SCRIPT.read_text())[1])
    assert re.search(r"its schema is 9999, this program knows \d{4}\b", ended.stderr)
