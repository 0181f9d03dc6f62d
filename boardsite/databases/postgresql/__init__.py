"""A backend for DATABASES; Django looks for its `base`."""
