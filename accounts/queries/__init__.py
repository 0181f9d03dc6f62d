"""What pages and rules ask about members, one file a noun."""
