"""What monitoring asks: whether the process is alive, whether the site can serve, and its numbers."""
