"""How long one search may take. An ordinary one takes milliseconds."""

PATIENCE = 3.0  # seconds of one statement, or of checking the texts of one page


class TooSlow(Exception):
    """The database was told to stop: nothing is wrong, but the answer is not known."""
