"""The 28 fault cases of the reference (messaging.md, section 4) each have tests that carry their
number, wherever those stand: `pytest -k fault_13`.
"""

import re
from pathlib import Path

TESTS = Path(__file__).parents[2]
NAMED = re.compile(r"^def test_fault_(\d\d)_\w+\(", re.MULTILINE)


def numbers() -> set[int]:
    files = [path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py")]
    return {int(number) for text in files for number in NAMED.findall(text)}


def test_every_fault_of_the_reference_has_its_tests():
    assert numbers() == set(range(1, 29))
