"""Views: find, check permissions, act, respond."""
