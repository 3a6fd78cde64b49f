"""Staff: who they are, what they may open, their working week, and how they sign in.

Sessions are rows that end with sign-out, a new password and leaving. Attempts to sign in are
counted in a table, never in a process. Flask-Login is used for `current_user` alone
(reference/security.md 2.1). Packages above hang on by the tables in `hooks.py`: what a leaver
holds, and who takes it over.
"""
