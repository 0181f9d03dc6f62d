"""Compares the old site with this one, to prove that nothing was lost.

Whatever the import does is decided here a second time: no module here uses importer.actions, the conversions
of importer.reading, or the digests of the ledger. Only the rows come from importer.reading, and from the
ledger which row became which. Nothing here changes this site.
"""
