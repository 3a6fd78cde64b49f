"""Where appointments happen: homes, venues and their rooms, schools, video links and phone; travel.

A home is a place that belongs to a family, kept here as a plain number, because families stand
above this package. Travel is an estimate between postcode districts (`travel.py`, pure), so it
needs no network and no address: `outcodes.csv` ships beside it.
"""
