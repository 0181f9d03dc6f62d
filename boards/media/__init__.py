"""Processing of uploaded and downloaded files. Their rows are in models/files.py."""
