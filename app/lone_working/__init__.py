"""The watch: who is out, who has checked in and out, and the alarms when somebody has not.

Alarms are raised by the server on its own thread, connection and beat, whatever the worker's phone
does. Each step waits for a person's acknowledgement. `ladder.py` is pure: from a session and the
time to the steps that are due.
"""
