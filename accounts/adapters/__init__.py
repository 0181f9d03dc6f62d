"""Adapts allauth to this site: its adapters, and the stages of a log-in."""
