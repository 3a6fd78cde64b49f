"""iCalendar objects, built and read, and the mails that carry them; knows no table.

Everything comes in as values, the UID, SEQUENCE and DTSTAMP too, so that the same rows make the
same bytes: a feed's ETag then matches, and a mail sent twice is one event. Times are written in
London wall time with one fixed VTIMEZONE, which Outlook and ical.js both read right
(reference/messaging.md section 3.5); `add_missing_timezones()` is never used.
"""
