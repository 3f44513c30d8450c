#!/usr/bin/env python3
"""Runs tools/test with steps made up for the purpose, and sees that it counts right and that no fault passes for success."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOOLS = Path(__file__).resolve().parent

# Runs in a process of its own: the driver adopts orphans and looks at its own children.
DRIVER = """
import importlib.machinery, importlib.util, pathlib, sys
loader = importlib.machinery.SourceFileLoader("driver", {tools!r} + "/test")
driver = importlib.util.module_from_spec(importlib.util.spec_from_loader("driver", loader))
sys.modules["driver"] = driver
loader.exec_module(driver)
driver.ROOT = driver.LOGS = pathlib.Path({folder!r})
driver.LEFT_OVER_GRACE_S = 0.5
Step = driver.Step
driver.all_steps = lambda: {steps}
sys.argv = ["tools/test"]
driver.os.environ.pop("CI", None)
driver.os.environ |= {environment}
sys.exit(driver.main())
"""


def shell(command: str) -> str:
    return f'["bash", "-c", {command!r}]'


def suite(result: str, then: str = "true", needs: str = "[]") -> str:
    """A step that writes `result` where tools/unit-tests would: its last argument is the file."""
    command = f"echo '{result}' > $1; {then}"
    return f"Step('suite', {shell(command)}, counted_by='gtest', needs={needs})"


class driver_test(unittest.TestCase):
    def run_steps(self, *steps: str, environment: dict | None = None) -> tuple[int, str, str]:
        """The exit code, the last line and all of the output."""
        with tempfile.TemporaryDirectory() as folder:
            program = DRIVER.format(
                tools=str(TOOLS), folder=folder, steps=f"[{', '.join(steps)}]", environment=environment or {}
            )
            run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
            return run.returncode, run.stdout.rstrip().split("\n")[-1], run.stdout + run.stderr

    def assert_ends(self, code: int, last: str, *steps: str, environment: dict | None = None) -> str:
        got_code, got_last, output = self.run_steps(*steps, environment=environment)
        self.assertEqual((got_code, got_last), (code, last), output)
        return output

    LINT = f"Step('lint', {shell('echo 3 passed, 0 failed')}, counted_by='lint')"

    def test_it_adds_up_what_passed(self):
        suites = '<testsuites><testsuite tests="4" failures="0" skipped="2"/><testsuite tests="1"/></testsuites>'
        self.assert_ends(0, "6 passed, 0 failed, 2 skipped", self.LINT, suite(suites))

    def test_a_failed_test_fails_the_whole(self):
        failed = suite('<testsuite tests="5" failures="1" errors="1"/>', "exit 8")
        self.assert_ends(1, "6 passed, 2 failed", self.LINT, failed)

    def test_an_exit_code_alone_is_a_failure(self):
        step = f"Step('lint', {shell('echo 3 passed, 0 failed; exit 3')}, counted_by='lint')"
        output = self.assert_ends(1, "3 passed, 1 failed", step)
        self.assertIn("exit code 3", output)

    def test_a_step_without_a_result_is_a_failure(self):
        self.assert_ends(1, "3 passed, 1 failed", self.LINT, f"Step('suite', {shell('true')}, counted_by='pytest')")

    def test_a_suite_without_tests_is_a_failure(self):
        output = self.assert_ends(1, "3 passed, 1 failed", self.LINT, suite('<testsuite tests="0"/>'))
        self.assertIn("ran no test", output)

    def test_what_needs_a_broken_build_is_not_run_and_fails(self):
        build = f"Step('build', {shell('echo no such file; exit 1')}, lane='build')"
        tests = suite('<testsuite tests="5"/>', needs="['build']")
        output = self.assert_ends(1, "3 passed, 2 failed", self.LINT, build, tests)
        self.assertIn("no such file", output)
        self.assertIn("not run: build failed", output)

    def test_a_sanitizer_report_fails_a_step_that_passed(self):
        quiet = 'echo "heap-use-after-free" > "$(echo $ASAN_OPTIONS | sed "s/log_path=//; s/:.*//").77"; echo 3 passed, 0 failed'
        output = self.assert_ends(
            1, "3 passed, 1 failed", f"Step('lint', {shell(quiet)}, counted_by='lint', sanitizer='ASAN')"
        )
        self.assertIn("heap-use-after-free", output)

    HINDERED = f"Step('other', {shell('echo that asks for root; exit 77')}, may_be_skipped=True)"

    def test_what_this_machine_hinders_is_skipped_with_a_word(self):
        output = self.assert_ends(0, "3 passed, 0 failed, 1 skipped", self.LINT, self.HINDERED)
        self.assertIn("that asks for root", output)

    def test_in_ci_nothing_hinders(self):
        self.assert_ends(1, "3 passed, 1 failed", self.LINT, self.HINDERED, environment={"CI": "1"})

    def test_no_other_step_may_be_skipped(self):
        step = f"Step('suite', {shell('exit 77')})"
        self.assert_ends(1, "3 passed, 1 failed", self.LINT, step)

    def test_a_process_left_behind_is_ended_and_fails_the_whole(self):
        leaves = "setsid bash -c 'touch left; exec sleep 987' & until [ -e left ]; do :; done; echo 3 passed, 0 failed"
        output = self.assert_ends(1, "3 passed, 1 failed", f"Step('lint', {shell(leaves)}, counted_by='lint')")
        self.assertIn("left a process behind", output)
        still = subprocess.run(["pgrep", "-f", "^sleep 987$"], capture_output=True)
        self.assertEqual(still.returncode, 1, still.stdout)


if __name__ == "__main__":
    unittest.main()
