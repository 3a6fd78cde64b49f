"""When staff are away and places are closed: told beforehand what is booked then, moved by
nobody but a person. What stands in doubt is derived (`in_doubt.py`), not stored.
"""
