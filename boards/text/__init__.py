"""Text from users, and how it is made safe to show. Pure: no database, no request."""
