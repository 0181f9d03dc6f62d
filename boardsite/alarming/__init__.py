"""Sends the alarms of the dashboard to the owners, each once, and says when it is over."""
