"""A child that answers nonsense."""

print('[{"uid": "u", "sequence": 0, "attendee": "a@example.org", "says": "all", "stamp": null}]')
