"""Statements that are built once and stay prepared.

Planning the statement of the work list takes as long as running it, so PostgreSQL keeps the plan
(`engines.keep_prepared`), which is made before the values are known. `built_once` puts those into
the words of a statement that are the same each time: the plan for 'booked' is then made for the few
booked ones, and there is less to hand over each time.
"""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar, cast

from sqlalchemy import BindParameter, ColumnElement, literal_column
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.visitors import ExternallyTraversible, replacement_traverse

P = ParamSpec("P")
S = TypeVar("S", bound=Executable)


def built_once(build: Callable[P, S]) -> Callable[P, S]:
    """A statement of plain columns that is built once, with its constants in its words; what comes
    in with each reading stays a parameter. For constants of ours, never for what somebody typed.
    """

    @cache
    @wraps(build)
    def built(*args: P.args, **kwargs: P.kwargs) -> S:
        return written_out(build(*args, **kwargs))

    return cast(Callable[P, S], built)


def written_out(statement: S) -> S:
    def replaced(element: Any, **_: Any) -> ColumnElement[Any] | None:
        if not isinstance(element, BindParameter) or element.required:
            return None
        values: Any = element.value if element.expanding else [element.value]
        if not all(type(value) in (str, int) for value in values):
            return None
        words = ", ".join(map(quoted, values))
        return literal_column(f"({words})" if element.expanding else words, element.type)

    made = replacement_traverse(cast(ExternallyTraversible, statement), {}, replaced)
    return cast(S, made)


def only_from(column: Any) -> ColumnElement[Any]:
    """A number by which a join leads on from the rows that it stands in, and not back to them:
    `Place.id == only_from(Appointment.place_id)` looks up the places of a few appointments, where
    a planner might take every place and all the appointments that it ever had.
    """
    found: ColumnElement[Any] = column + 0
    return found


def quoted(value: str | int) -> str:
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"
