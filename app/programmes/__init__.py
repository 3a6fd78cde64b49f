"""A family's course of VIG: consent to film, goals and ratings, the cycles with their clips, and
the ending.

A cycle's state is derived from its appointments, clips and consents (`cycles.py`, pure). No video
is stored: media are tracked by where they are kept and when they must be deleted.
"""
