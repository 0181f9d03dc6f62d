"""Deeds: each one atomic, with all that follows from it."""
