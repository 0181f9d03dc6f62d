"""Reads a gnuboard5 site: its database, from a dump or a server, and its folder of files.

Pure: nothing here knows this site's models.
"""
