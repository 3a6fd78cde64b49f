"""The peer-parent contact and scheduling service for Video Interaction Guidance.

Packages are named for things of the domain; `wiring` is the only file that knows them all
and holds `create_app`. The order of imports is in `pyproject.toml`, checked by import-linter.
"""
