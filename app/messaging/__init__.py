"""The outbox, the replies and the ways to send: texts through Twilio or the simulator, e-mail
through SMTP.

It knows no family: who a recipient is, whether they may be texted and in which wording comes from
`registry.recipients`; whether a text is still wanted and what it says comes from
`registry.purposes`; who understands a reply, from `registry.readers`. A row goes from state to
state by one table (`states.py`): it is claimed in one short transaction, sent outside any, and
recorded by compare-and-set; a lease that ran out means *unknown*, never *ready*, because Twilio
takes no idempotency key (reference/messaging.md section 2.4).

Rows wait in lanes: alarms have senders of their own, wait for no pace and no rest, never expire and
go twice rather than not at all; what tells of a change goes before reminders; e-mails hold up no
text. The account's pace (`pace.py`) is one row that all senders of all processes pass.
"""
