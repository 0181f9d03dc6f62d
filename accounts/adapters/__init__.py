"""allauth as this site wants it: its adapters, and the stages of a log-in."""
