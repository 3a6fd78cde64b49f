"""Lists of thousands of which a page shows a few: each thing in one is made when somebody comes to
it, and how many there are is known at once.
"""

from collections.abc import Sequence
from typing import TypeVar, overload

T = TypeVar("T")


class MadeWhenAsked(Sequence[T]):
    """A sequence like a tuple; how long it is and how each thing is made is for the kind of it."""

    def make(self, number: int) -> T:
        """The thing of this number, from 0."""
        raise NotImplementedError

    @overload
    def __getitem__(self, which: int) -> T: ...
    @overload
    def __getitem__(self, which: slice) -> tuple[T, ...]: ...
    def __getitem__(self, which: int | slice) -> T | tuple[T, ...]:
        if isinstance(which, slice):
            return tuple(self.make(number) for number in range(*which.indices(len(self))))
        number = which + len(self) if which < 0 else which
        if not 0 <= number < len(self):
            raise IndexError(which)
        return self.make(number)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, MadeWhenAsked | tuple):
            return NotImplemented
        return tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<{len(self)} in {type(self).__name__}>"
