"""Deeds: each a verb that does all that follows from it in one transaction.

Views, the admin, the collector and the importer call these; nothing else writes posts or comments.
"""
