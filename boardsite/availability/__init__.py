"""What the site does while the database, or the disk, cannot be read or written (0082)."""
