"""The diary: a day with a row for each person, a week, a month, a list. `lines.py` decides what
a reader may see of each appointment; everything shown is made from those lines.
"""
