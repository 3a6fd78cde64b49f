"""The beats of the long-running jobs: when the worker and the watch last ran, and since when they
count.
"""
