"""The running jobs: an explicit list for the worker, and the watch's own thread."""
