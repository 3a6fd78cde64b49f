"""Appointments and the people and rooms they hold, and every free time that is truly free.

Words: an **appointment** is anything with a time and people; a **visit** is one that somebody
travels to; a **reservation** is one person or room held for a period; a **slot** is a free time
that satisfies every rule; a **busy time** is one that somebody's own calendar calls so, kept
without what it is. The rules of slots are pure (`slots.py` and the files it imports) and are
written once: the finder, the check inside `book()` and the counts of "why not other times" ask the
same masks over the same grid of starts.

Its rooms: `diary/` (the pages), `replan/` (a day that breaks), `absences/` (people away,
places closed), `own_calendars/` (busy times), `let_go/` (a time offered to others),
`invitations/` (what calendars are told and answer).
"""
