"""Views that belong to no app."""
