"""Names and addresses as words: pure, without a database."""
