"""Tables that wiring fills: a second or a missing entry stops the start, and none comes late."""

import pytest
from flask import Flask

from app.registry import Registry
from app.wiring import TABLES


def test_a_second_entry_of_a_name_is_refused() -> None:
    table: Registry[int] = Registry("tests")
    table.add("one", 1)

    with pytest.raises(RuntimeError, match="tests has one already"):
        table.add("one", 2)


def test_a_missing_entry_is_named() -> None:
    with pytest.raises(RuntimeError, match="tests lacks two, three"):
        Registry("tests").freeze("two", "three")


@pytest.mark.one_database
def test_a_service_that_has_started_takes_no_more(app: Flask) -> None:
    for table in TABLES:
        with pytest.raises(RuntimeError, match="is frozen"):
            table.add("late", object())
