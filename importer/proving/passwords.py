"""Whether a stored password is still the old site's, without ever printing one."""

import re

# What gnuboard5 and its predecessors store (bbs/login_check.php, MySQL's PASSWORD and OLD_PASSWORD).
_KNOWN = re.compile(
    r"(?:sha1|sha256):[1-9][0-9]{0,6}:[^:]{0,64}:[A-Za-z0-9+/=]{8,88}"
    r"|\*[0-9A-F]{40}|[0-9a-f]{16}|[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}"
)
_OLD = "gnuboard$"


def is_known(stored: str) -> bool:
    return _KNOWN.fullmatch(stored.strip()) is not None


def is_replaced(here: str) -> bool:
    """Whether its owner has logged in since, and Django has made a hash of its own."""
    return not here.startswith((_OLD, "!"))


def password_differs(there: str, here: str | None) -> bool:
    """Whether what is stored here is neither the old hash nor its replacement."""
    if not is_known(there):
        return here is not None and not here.startswith("!")
    return here is None or not (is_replaced(here) or here == _OLD + there.strip())
