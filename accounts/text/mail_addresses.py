"""E-mail addresses that the owner refuses to new members and as new addresses. Pure."""

from contextlib import suppress

MAX_DOMAIN = 253  # characters, by RFC 1035


def is_disposable(email: str) -> bool:
    """Whether the address belongs to a service of disposable mailboxes."""
    # 1.5 MB, which most sites do not need because the setting is off.
    from disposable_email_domains import blocklist

    return any(domain in blocklist for domain in _domains(email))


def is_refused(email: str, lines: str) -> bool:
    """Whether one of the owner's `lines` matches: a domain (example.com) with its subdomains, or an
    address."""
    named = {_plain(line) for line in lines.splitlines() if line.strip()}
    return _plain(email) in named or any(domain in named for domain in _domains(email))


def _domains(email: str) -> list[str]:
    """The address's domain and its parent domains: a.b.kr, b.kr, kr."""
    domain = _plain(email).rpartition("@")[2]
    if len(domain) > MAX_DOMAIN:
        return []
    labels = domain.split(".")
    return [".".join(labels[place:]) for place in range(len(labels))]


def _plain(text: str) -> str:
    """The form for comparisons: lower case, and a Korean domain in its ASCII form."""
    name, at, domain = text.strip().casefold().removeprefix("*.").removeprefix("@").rpartition("@")
    domain = domain.rstrip(".")
    if len(domain) <= MAX_DOMAIN:
        with suppress(UnicodeError):  # no valid domain: compared as it is
            domain = domain.encode("idna").decode()
    return name + at + domain
