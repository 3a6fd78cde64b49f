"""Random tokens in addresses: stored hashed, for one purpose and one person, expiring, revocable.

A package of its own below everybody who hands out addresses (appointments, families, offers, peers,
feeds, first sign-in): one rule about tokens stands in one place. Purposes: 'a' appointment, 'f'
family, 'o' offer, 'p' peer, 'feed' calendar feed, 'account' first sign-in or new password.
"""
