"""Caching: three mechanisms, and one sentence for each that says when to use it.

- The page cache (`page_cache`) is for whole pages that every anonymous visitor gets alike, apart from
  marked placeholders.
- A `VersionedCache` (`versioned_cache`) is for what a process has read or rendered from tables whose
  changes move a version (`versions`): it is valid until the version moves.
- A `TTLCache` (`ttl_cache`) is for what may be some seconds old: counts, charts, rankings.

What one object computes once is a `cached_property` of it, and `lru_cache` is for pure functions only.
Cached values are shared by requests: they are tuples, frozen dataclasses, strings, or rows of models that
nobody changes (tests/conftest.py compares them with what was stored).

The versions are counters in the database, moved by triggers (`triggers`). Which tables move which
version is declared in `invalidation.py` of each app. See docs/decisions/0035.
"""
