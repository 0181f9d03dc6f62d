"""Data for pages, loaded from several tables at once; one file per noun."""
