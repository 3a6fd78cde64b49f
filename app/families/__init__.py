"""Families: their carers, children and home, how and when each carer may safely be reached, and
what they wish for.

Contact safety belongs to a carer, never to a family: two carers' details are never copied across.
Not asked about texting means no. `closed_to_matchers` shuts a family's record to those who match
once a carer becomes a peer parent.
"""
