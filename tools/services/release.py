"""Which of a service's releases is started: today's, or, with RONDO_TEST_RELEASES=former, the one before, which many still run."""

import os

VARIABLE = "RONDO_TEST_RELEASES"
TODAY, FORMER = "today", "former"


def is_former() -> bool:
    named = os.environ.get(VARIABLE, TODAY)
    if named not in (TODAY, FORMER):
        raise SystemExit(f"{VARIABLE} is {named!r}; it may be {TODAY} or {FORMER}.")
    return named == FORMER
