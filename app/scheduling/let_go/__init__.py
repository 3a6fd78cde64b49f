"""A time that a cancelled or moved appointment let go, and the waiting families who could have
it. A person offers it; nothing is sent and nobody is booked by itself.
"""
