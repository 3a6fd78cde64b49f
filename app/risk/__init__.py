"""Assessments of homes and who is on duty: what a home's risk level lets be booked.

A new address is *not assessed*: no lone home visit. That is derived from a home without a current
assessment, never stored.
"""
