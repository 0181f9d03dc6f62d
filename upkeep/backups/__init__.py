"""Backups: made nightly, restored on trial and compared, sent elsewhere, restored (0084)."""
