"""Spreadsheets: the team's own five files, read as a careful clerk reads them.

Bytes become tables (`files`), cells become typed values (`values`, `days`, `ages`, `words`,
`weekly`, `safety`, `limits`), lines become typed rows (`rows`; `read_families`, `read_peers`,
`read_team`, `read_bookings`), and what a person should know becomes the report (`report`). All of
that is pure.

Two decisions shaped it. Nothing in a cell is lost: what is not understood becomes a note on the
record and a line in the report. And safety is never guessed: only a clear yes makes texting safe,
only a clear level is a risk level.
"""
