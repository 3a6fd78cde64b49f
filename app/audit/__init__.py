"""Who saw or changed what: rows written in the change's own transaction and never updated.

Every tag has declared keys (`tags.py`); another set raises. Rows hold ids and names of fields,
never what a person said or is called. `subject` is 'table:id', so that a record's history is one
query.
"""
