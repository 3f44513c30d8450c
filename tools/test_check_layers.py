#!/usr/bin/env python3
"""Plants each kind of fault in a small tree and sees check_layers find it; a clean tree has none."""

import sys
import tempfile
import unittest
import unittest.mock
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import check_layers  # noqa: E402

CLEAN = {
    "src/README.md": "".join(
        f"| `{folder}/` | what it is for |\n"
        for folder in ("api", "app", "base", "cli", "domain", "http", "store", "store/sqlite", "telemetry", "usecases")
    ),
    "src/main.cpp": '#include "cli/run.hpp"\nint main() {}\n',
    "src/cli/run.hpp": '#include "app/server.hpp"\n#include "store/sqlite/open.hpp"\n',
    "src/app/server.hpp": '#include "store/sqlite/open.hpp"\n#include "api/routes.hpp"\n',
    "src/api/routes.hpp": '#include <boost/json.hpp>\n#include "http/router.hpp"\n#include "telemetry/log.hpp"\n',
    "src/http/router.hpp": '#include <boost/beast/http.hpp>\nconst char* note = "a SELECT from a menu";\n',
    "src/usecases/complete.cpp": '#include "store/store.hpp"\n#include "domain/task.hpp"\n// co_await is not for us\n',
    "src/domain/task.hpp": "#include <chrono>\n#include \"base/clock.hpp\"\nconstexpr int million = 1'000'000;\n",
    "src/store/store.hpp": '#include "domain/task.hpp"\n',
    "src/store/sqlite/open.hpp": '#include <sqlite3.h>\n#include "store/store.hpp"\nauto q = "SELECT id FROM tasks";\n',
    "src/telemetry/log.hpp": '#include "base/clock.hpp"\n',
    "src/base/clock.hpp": "#include <chrono>\n",
}


class check_layers_test(unittest.TestCase):
    def faults(self, **changed: str) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for name, text in (CLEAN | changed).items():
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            with unittest.mock.patch.object(check_layers, "FULL_FOLDERS", {}):
                return list(check_layers.check(root))

    def assert_found(self, where: str, why: str, **changed: str) -> None:
        faults = self.faults(**changed)
        if "circle" not in why:  # an include against the arrows mostly makes one, too
            faults = [fault for fault in faults if "a circle" not in fault]
        self.assertEqual(len(faults), 1, faults)
        self.assertTrue(faults[0].startswith(where), faults[0])
        self.assertIn(why, faults[0])

    def plant(self, name: str, line: str, why: str) -> None:
        """Adds `line` at the end of a clean file and sees it named with its number."""
        before = CLEAN.get(name, "")
        self.assert_found(f"{name}:{before.count(chr(10)) + 1}:", why, **{name: before + line + "\n"})

    def test_a_clean_tree_has_no_faults(self):
        self.assertEqual(self.faults(), [])

    def test_an_include_against_the_arrows_is_found(self):
        self.plant("src/domain/task.hpp", '#include "store/store.hpp"', "no arrow from domain to store")
        self.plant("src/store/store.hpp", '#include "usecases/complete.hpp"', "no arrow from store to usecases")
        self.plant("src/http/router.hpp", '#include "api/routes.hpp"', "no arrow from http to api")
        self.plant("src/usecases/complete.cpp", '#include "http/router.hpp"', "no arrow from usecases to http")
        self.plant("src/base/clock.hpp", '#include "telemetry/log.hpp"', "no arrow from base to telemetry")
        self.plant("src/telemetry/log.hpp", '#include "http/client/client.hpp"', "no arrow from telemetry to http")
        self.plant("src/domain/task.hpp", '#include "telemetry/log.hpp"', "no arrow from domain to telemetry")
        self.plant("src/main.cpp", '#  include "app/server.hpp"', "no arrow from main to app")
        self.plant("src/app/server.hpp", '#include "cli/run.hpp"', "no arrow from app to cli")

    def test_an_implementation_is_known_only_to_those_who_choose_it(self):
        self.plant("src/api/routes.hpp", '#include "store/sqlite/open.hpp"', "choose an implementation")
        self.plant("src/store/store.hpp", '#include "store/sqlite/open.hpp"', "choose an implementation")

    def test_the_statements_of_both_engines_are_known_to_the_engines_alone(self):
        both = {
            "src/README.md": CLEAN["src/README.md"] + "| `store/sql/` | |\n",
            "src/store/sql/tables.hpp": '#include "store/store.hpp"\nauto q = "SELECT id FROM tasks";\n',
            "src/store/sqlite/tables.cpp": '#include "store/sql/tables.hpp"\n',
        }
        self.assertEqual(self.faults(**both), [])
        for name in ("src/store/copy.cpp", "src/app/tables.cpp", "src/usecases/tables.cpp"):
            outside = both | {name: '#include "store/sql/tables.hpp"\n'}
            self.assert_found(f"{name}:1:", "only store/postgres and store/sqlite choose", **outside)
        back = both | {"src/store/sql/text.hpp": '#include "store/sqlite/open.hpp"\n'}
        self.assert_found("src/store/sql/text.hpp:1:", "choose an implementation", **back)
        library = both | {"src/store/sql/text.hpp": "#include <sqlite3.h>\n"}
        self.assert_found("src/store/sql/text.hpp:1:", "SQLite stays inside", **library)

    def test_a_library_outside_its_folder_is_found(self):
        self.plant("src/api/routes.hpp", "#include <boost/beast/core.hpp>", "Beast stays inside")
        self.plant("src/store/store.hpp", "#include <boost/json.hpp>", "JSON stays out")
        self.plant("src/store/store.hpp", "#include <sqlite3.h>", "SQLite stays inside")
        self.plant("src/domain/task.hpp", "#include <absl/time/time.h>", "standard library")
        self.plant("src/domain/task.hpp", '#include "base/async.hpp"', "of base, domain may include only")
        self.plant("src/usecases/complete.cpp", "#include <boost/asio/post.hpp>", "plain functions")

    def test_a_fifth_file_with_beast_is_found(self):
        more = {f"src/http/more_{n}.cpp": "#include <boost/beast/core.hpp>\n" for n in range(3)}
        self.assertEqual(self.faults(**more), [])
        more["src/http/more_3.cpp"] = "#include <boost/beast/core.hpp>\n"
        self.assert_found("src/http:0:", "5 files include Beast", **more)

    def test_what_has_no_place_in_code_is_found(self):
        self.plant("src/usecases/complete.cpp", "void f() { co_await g(); }", "co_await in usecases")
        self.plant("src/domain/task.hpp", "auto t = std::chrono::system_clock::now();", "reads a clock")
        self.plant("src/api/routes.hpp", 'auto q = "DELETE FROM tasks WHERE id = ?";', "SQL outside")
        self.plant("src/api/routes.hpp", 'auto q = "SELECT id "\n    "FROM tasks";', "SQL outside")
        self.plant("src/api/routes.hpp", 'auto q = R"(UPDATE tasks SET title = ?)";', "SQL outside")

    def test_a_room_may_include_its_own_and_what_is_named(self):
        rooms = {
            "src/README.md": CLEAN["src/README.md"] + "| `api/tasks/` | |\n| `api/wire/` | |\n",
            "src/api/wire/text.hpp": '#include "api/routes.hpp"\n#include "store/store.hpp"\n',
            "src/api/tasks/list.cpp": '#include "api/wire/text.hpp"\n#include "domain/task.hpp"\n',
        }
        self.assertEqual(self.faults(**rooms), [])
        back = rooms | {"src/api/wire/text.cpp": '#include "api/tasks/list.hpp"\n'}
        self.assert_found("src/api/wire/text.cpp:1:", "no arrow from api/wire to api/tasks", **back)
        tasks = rooms | {"src/api/wire/text.cpp": '#include "domain/task.hpp"\n'}
        self.assert_found("src/api/wire/text.cpp:1:", "no arrow from api/wire to domain", **tasks)

    def test_headers_that_include_each_other_are_found(self):
        circle = {
            "src/base/clock.hpp": '#include "base/a.hpp"\n',
            "src/base/a.hpp": '#include "base/b.hpp"\n',
            "src/base/b.hpp": '#include "base/clock.hpp"\n',
        }
        self.assert_found("src/base/", "a circle: base/clock.hpp → base/a.hpp → base/b.hpp → base/clock.hpp", **circle)

    def test_a_full_folder_is_found(self):
        with_more = lambda count: {f"src/base/a{n}.{end}": "" for n in range(count) for end in ("hpp", "cpp")}  # noqa: E731
        self.assertEqual(self.faults(**with_more(check_layers.FILES_MAX - 1)), [])
        self.assert_found("src/base:0:", "15 files, 14 at most", **with_more(check_layers.FILES_MAX))

    def test_comments_and_strings_are_not_code(self):
        text = (
            CLEAN["src/domain/task.hpp"] + 'auto a = "co_await";  // system_clock, "SELECT a FROM b"\n/* co_await */\n'
        )
        self.assertEqual(self.faults(**{"src/domain/task.hpp": text}), [])

    def test_a_long_file_is_found(self):
        line = "int a;\n"
        self.assertEqual(self.faults(**{"tests/unit/a.cpp": line * check_layers.LINES_MAX}), [])
        self.assert_found("tests/unit/a.cpp", "lines", **{"tests/unit/a.cpp": line * (check_layers.LINES_MAX + 1)})

    def test_words_that_do_not_belong_are_found(self):
        self.plant("docs/a.md", "see ../shared/design", "outside the project")
        self.plant("docs/a.md", "mends issue #12", "an issue's number")
        self.plant("src/base/clock.hpp", "// to be written", "a stub")

    def test_the_table_of_folders_agrees_with_the_tree(self):
        self.assert_found("src/README.md", "no line for src/queue/", **{"src/queue/a.hpp": ""})
        self.assert_found(
            "src/README.md", "lists src/gone/", **{"src/README.md": CLEAN["src/README.md"] + "| `gone/` | |\n"}
        )


if __name__ == "__main__":
    unittest.main()
