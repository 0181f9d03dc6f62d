"""A member's own pages. Logging in and its kin are allauth's."""
