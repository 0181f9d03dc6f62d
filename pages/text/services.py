"""The identifiers and hosts of services for statistics and advertising. Pure.

They end in tags and in the Content-Security-Policy, so each has a strict pattern.
"""

import re

LONGEST = 1_000  # characters of what is pasted

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
HOST = rf"(?:{_LABEL}\.){{1,8}}[a-z][a-z0-9-]{{0,61}}[a-z0-9]"
UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

IDENTIFIERS = {
    "ga_id": r"G-[A-Z0-9]{4,20}",
    "naver_analytics_id": r"[0-9A-Za-z_]{6,40}",
    "plausible_domain": HOST,
    "umami_id": UUID,
    "adsense_publisher": r"ca-pub-\d{10,20}",
}
UNITS = {"adsense": r"\d{6,20}", "adfit": r"DAN-[0-9A-Za-z]{8,30}"}


def read_identifier(pattern: str, pasted: str) -> str:
    """The only identifier of that pattern in what was pasted: itself, or a tag that holds it.
    Raises ValueError if there is none, or several."""
    if len(pasted) > LONGEST:
        raise ValueError("too long")
    pasted = pasted.strip()
    if re.fullmatch(pattern, pasted, re.ASCII):
        return pasted
    quoted = set(re.findall(rf"""["'=]({pattern})(?=["'&\s>])""", pasted, re.ASCII))
    if len(quoted) != 1:
        raise ValueError("no identifier")
    return quoted.pop()


def read_host(pasted: str) -> str:
    """https://stats.example.com of an address there, or of a tag that loads a script from there.
    Raises ValueError if it is none."""
    if len(pasted) > LONGEST:
        raise ValueError("too long")
    pasted = pasted.strip()
    if found := re.search(r"""\bsrc=["'](https://[^"'\s]+)["']""", pasted):
        pasted = found[1]
    pasted = pasted if "://" in pasted else f"https://{pasted}"
    found = re.fullmatch(rf"(https://{HOST}(?::\d{{1,5}})?)(?:/[^\s]*)?", pasted.lower(), re.ASCII)
    if not found:
        raise ValueError("no host")
    return found[1]
