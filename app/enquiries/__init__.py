"""How a family comes to us, and what it chose: enquiries by phone, referrals by form, and a record
per step of its choice.

No VIG visit before the family's own yes; 'no' and 'not now' are good outcomes. What must happen
elsewhere when a family decides is reached through `on_choice`, which wiring fills; it runs in the
same transaction.
"""
