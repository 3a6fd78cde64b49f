"""A small table that `wiring` fills at start and then freezes.

Through it a lower package reaches a higher one without importing it. A missing or a second entry
stops the start, so that nobody finds out at the door.
"""

from collections.abc import Iterator
from typing import Generic, TypeVar

V = TypeVar("V")


class Registry(Generic[V]):
    def __init__(self, what: str):
        self.what = what
        self._entries: dict[str, V] = {}
        self._frozen = False

    def add(self, name: str, entry: V) -> None:
        if self._frozen:
            raise RuntimeError(f"{self.what} is frozen; {name} comes too late")
        if name in self._entries and self._entries[name] is not entry:
            raise RuntimeError(f"{self.what} has {name} already")
        self._entries[name] = entry

    def freeze(self, *needed: str) -> None:
        missing = [name for name in needed if name not in self._entries]
        if missing:
            raise RuntimeError(f"{self.what} lacks {', '.join(missing)}")
        self._frozen = True

    def clear(self) -> None:
        """Forget everything: a second application in one process is wired afresh."""
        self._entries.clear()
        self._frozen = False

    def __getitem__(self, name: str) -> V:
        return self._entries[name]

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def items(self) -> list[tuple[str, V]]:
        return list(self._entries.items())

    def values(self) -> list[V]:
        return list(self._entries.values())
