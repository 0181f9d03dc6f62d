"""Pages and deeds as the web sees them: find, may they, do, show."""
