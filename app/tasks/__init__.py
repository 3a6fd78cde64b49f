"""What only a person can close: rows with a kind, an owner, a due time and the words of why.

The work list is these rows joined by `desk` with what every package says is waiting. A task knows
what it is about by kind and id, and whose family by a plain number; it never imports them.
"""
