"""Every number and name that the service can be tuned with, typed, with its history.

`rules.py` declares them (pure: one frozen dataclass with default, unit, limits and source);
`store.py` reads the current values in one statement and records a change. Pure files elsewhere
take a `Rules` as a value and never read the table.
"""
