"""Whose threads a member of staff may read, and their names: several at once, each asked once."""

from collections.abc import Collection, Iterable

from app.access import User
from app.messaging import registry
from app.messaging.threads import NUMBER, may_read

Person = tuple[str, int]


class Names:
    """The names that one user may read. `people` are those who will be asked about: they are read
    together, one statement for each kind.
    """

    def __init__(self, user: User, people: Iterable[Person] = ()):
        self.user = user
        self.known: dict[Person, str | None] = {}
        ids: dict[str, set[int]] = {}
        for kind, person_id in people:
            ids.setdefault(kind, set()).add(person_id)
        for kind, wanted in ids.items():
            self.read(kind, wanted)

    def read(self, kind: str, ids: Collection[int]) -> None:
        if kind in registry.readable:
            names = registry.readable[kind](ids, self.user)
            self.known |= {(kind, i): names.get(i) for i in ids}

    def name(self, person: Person) -> str | None:
        """The name, or None where this user may not read the thread."""
        if person not in self.known:
            self.known[person] = self.ask(person)
        return self.known[person]

    def ask(self, person: Person) -> str | None:
        kind, person_id = person
        if not may_read(kind, person_id, self.user):
            return None
        if kind == NUMBER:
            return "Number not known"
        found = registry.recipient(kind, person_id) if kind in registry.recipients else None
        return found.name if found else None
