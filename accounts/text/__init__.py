"""Names and addresses as text: pure, without a database."""
