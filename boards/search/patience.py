"""The time limit of one search. An ordinary search takes milliseconds."""

PATIENCE = 3.0  # seconds per statement, and for checking the texts of one page


class TooSlow(Exception):
    """The database was interrupted at the time limit; the result is unknown."""
