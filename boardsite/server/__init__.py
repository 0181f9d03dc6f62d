"""The production server: Granian (HTTP, processes) around the site's WSGI application (0045)."""
