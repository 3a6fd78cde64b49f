"""A read that several parts of a page ask for is made once while a page is made, and only then."""

import pytest
from flask import Flask

from app.db import drawing, once_a_page

asked: list[int] = []


@once_a_page
def doubled(number: int) -> int:
    asked.append(number)
    return 2 * number


@pytest.fixture(autouse=True)
def nothing_asked() -> None:
    asked.clear()


@pytest.fixture
def bare() -> Flask:
    return Flask("bare")


def test_a_page_reads_once_for_each_question(bare: Flask) -> None:
    with bare.test_request_context(method="GET"):
        assert [doubled(1), doubled(1), doubled(2)] == [2, 2, 4]

    assert asked == [1, 2]


def test_the_next_page_reads_afresh(bare: Flask) -> None:
    for _ in range(2):
        with bare.test_request_context(method="GET"):
            doubled(1)

    assert asked == [1, 1]


def test_the_frame_of_a_page_that_answers_an_act_reads_once(bare: Flask) -> None:
    with bare.test_request_context(method="POST"):
        with drawing():
            doubled(1)
            doubled(1)
        doubled(1)

    assert asked == [1, 1]


def test_an_act_always_reads_afresh(bare: Flask) -> None:
    with bare.test_request_context(method="POST"):
        doubled(1)
        doubled(1)
    doubled(1)

    assert asked == [1, 1, 1]
