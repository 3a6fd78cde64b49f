"""The sample service: one invented cast, each at a different step of the way, built through the acts."""
