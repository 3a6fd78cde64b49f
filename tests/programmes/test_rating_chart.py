"""Ratings as a picture and as words."""

from datetime import date

from app.programmes.rating_chart import HEIGHT, WIDTH, chart_of, height_of

FIRST, SECOND, LAST = date(2026, 10, 6), date(2026, 10, 20), date(2026, 12, 15)


def test_one_rating_is_no_course() -> None:
    assert chart_of({}, 8) is None
    assert chart_of({FIRST: 3}, 8) is None


def test_days_stand_as_far_apart_as_they_were() -> None:
    chart = chart_of({LAST: 7, FIRST: 3, SECOND: 5}, 8)

    assert chart is not None
    first, second, last = chart.points
    assert [first.value, second.value, last.value] == [3, 5, 7]
    assert abs((second.x - first.x) * 70 - (last.x - first.x) * 14) < 10
    assert first.y > second.y > last.y > chart.hoped_y


def test_everything_stays_within_the_picture() -> None:
    chart = chart_of({FIRST: 0, LAST: 10}, 10)

    assert chart is not None
    assert all(0 < point.x < WIDTH and 0 < point.y < HEIGHT for point in chart.points)
    assert height_of(0) > height_of(10) > 0


def test_the_words_say_what_the_picture_shows() -> None:
    chart = chart_of({FIRST: 3, LAST: 7}, 8)

    assert chart is not None
    assert chart.words == "3 on Tue 6 Oct, 7 on Tue 15 Dec; hoped for 8"
