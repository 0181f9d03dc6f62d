"""Other forums, set up from their packages in environments of their own and filled with as much.

A peer's own settings and filling run with its own Python, where this site's requirements do not
exist: its folder here may import Django, the peer and the pure modules of bench, nothing else.
"""
