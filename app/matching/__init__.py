"""Who could talk to whom: ranks peer parents for one family, and says why or why not.

Pure: it knows no table, page or clock: `people.py` holds the values that callers fill, `rank`
reads them with the rules' numbers and an instant. A hard rule (`rules.py`, `blockers.py`,
`limits.py`) is never a low score: it takes a peer parent out of the list, in one of three tiers.
*Closed* rules nobody overrides, *safety* rules a manager with a written reason, *practical* rules
a coordinator with a reason (`overrides.py`). What is not known is a question, not a block.

The score (`scoring.py`) is the printed sum of its parts, 100 at most: 25 carer type, 20 child's
age then, 20 shared circumstances that both allow to be mentioned, 10 way to talk (in person: 5,
and 5 for the distance), 15 times in common, 10 rest since the last conversation. It reads no
name, gender or ethnicity; gender acts only where somebody asked for it. Being a mum or
a dad is one carer type, so that gender does not come in by the back door.

Privacy decides the shapes. Safety rules, peers' own limits and "once this family themselves" are
*hidden*: pages show them as one row without names or examples (`not_now.py`), `shown` merges them
for everybody but managers, and overriding any of them needs a manager: if a coordinator's reason
were enough for a limit, trying would tell a limit from an exclusion. What a peer parent may read
of a family is an allow-list (`offers.py`), built from named fields, never a filtered record.

Ranking 1,500 peers takes a few milliseconds: times are integer bit masks, one test each for what
all share is made once (`search.py`), and words, examples and instants are made only when
something is shown.
"""
