"""E-mail addresses that the owner does not take from who joins or changes his. Pure."""

from contextlib import suppress


def is_disposable(email: str) -> bool:
    """Whether the address is of a service that lends mailboxes for minutes."""
    # 1.5 MB, of which most sites, whose owners do not ask, need nothing.
    from disposable_email_domains import blocklist

    return any(domain in blocklist for domain in _domains(email))


def is_refused(email: str, lines: str) -> bool:
    """Whether one of the owner's `lines` names it: example.com with all below it, or an address."""
    named = {_plain(line) for line in lines.splitlines() if line.strip()}
    return _plain(email) in named or any(domain in named for domain in _domains(email))


def _domains(email: str) -> list[str]:
    """The address's domain and those above it: a.b.kr, b.kr, kr."""
    labels = _plain(email).rpartition("@")[2].split(".")
    return [".".join(labels[place:]) for place in range(len(labels))]


def _plain(text: str) -> str:
    """As addresses are compared: small, and a Korean domain as the mail servers write it."""
    name, at, domain = text.strip().casefold().removeprefix("*.").removeprefix("@").rpartition("@")
    domain = domain.rstrip(".")
    with suppress(UnicodeError):  # no such domain can be: compared as it is
        domain = domain.encode("idna").decode()
    return name + at + domain
