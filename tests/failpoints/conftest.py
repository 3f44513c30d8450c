import sys
from pathlib import Path

# The helpers of the tests of the whole program, and the services beside it.
ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "system"), str(ROOT / "tools")]
