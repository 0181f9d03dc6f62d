"""Text as people write it, made safe to show; pure: no database, no request."""
