"""Files as they come in and go out; what is stored of them is in models/files.py."""
