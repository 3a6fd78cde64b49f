"""Invitations to an appointment: who is invited, what the mail holds, what people answered.

One UID for each person for an appointment's life, a higher SEQUENCE for every change. A row of
`invitation` holds what that person's calendar was told last, so that a mail made again is the same
mail and a withdrawal names the time that they know.
"""
