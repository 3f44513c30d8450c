import sys

from files import ROOT

# The fixtures and helpers of the tests of the whole program, and the services beside it.
sys.path[:0] = [str(ROOT / "tests" / "system"), str(ROOT / "tools")]
