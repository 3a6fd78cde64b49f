"""Calendars that staff keep elsewhere, read by the worker in a limited child process
(`app/calendars`): only that somebody is busy then is kept, never what it is.
"""
