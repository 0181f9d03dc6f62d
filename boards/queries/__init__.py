"""What pages show from several tables at once, ready to be drawn; one file a noun."""
