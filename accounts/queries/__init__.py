"""Queries about members, one file per noun."""
