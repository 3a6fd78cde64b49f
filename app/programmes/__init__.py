"""A family's course of VIG: consent to film, goals and ratings, the cycles with their clips, and
the ending.

A cycle's state is derived from its appointments, clips and consents (`cycles.py`, pure). No video
is stored: media are tracked by where they are kept and when they must be deleted.

All dates of a course can be proposed, booked and moved in one step (`rhythm.py`, pure; `dates.py`).
A video session is provisional, as a review is before its clips, until the review of the cycle
before has taken place; what the family was told of is not taken back. The shared review that is
recorded as done is enough: a family must not wait for its next date until somebody rates goals.
"""
