"""Actions: each performs an operation with all its consequences in one transaction.

Views, the admin, the collector and the importer call them; nothing else writes posts or comments.
"""
