"""Blocked addresses. Every request checks them, so they are cached in memory."""

from collections import defaultdict
from datetime import datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AddressBlock
from boardsite.caching.ttl_cache import TTLCache
from boardsite.visitors.identity import client_address

SECONDS = 10  # how long a process caches the blocks

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
# (scope, IP version, length of the prefix) → the prefixes as numbers, each with its end or None.
Blocks = dict[tuple[str, int, int], dict[int, datetime | None]]


def is_blocked(request: HttpRequest, scope: str) -> bool:
    """Whether `scope` (an AddressBlock.Scope) is blocked for the client's address.

    ALL includes JOIN. One query at most every SECONDS, then one look-up for each length of prefix
    in use."""
    blocks = known_blocks()
    address = read_address(client_address(request)) if blocks else None
    if address is None:
        return False
    scopes = {scope, AddressBlock.Scope.ALL.value}
    number, bits, now = int(address), address.max_prefixlen, timezone.now()
    for (blocked_scope, version, length), prefixes in blocks.items():
        if blocked_scope in scopes and version == address.version:
            prefix = number >> (bits - length)
            if prefix in prefixes:
                until = prefixes[prefix]
                if until is None or until > now:
                    return True
    return False


def is_site_blocked(request: HttpRequest) -> bool:
    """Whether the whole site is blocked for the client's address."""
    return is_blocked(request, AddressBlock.Scope.ALL)


def refusal_to_join(request: HttpRequest) -> str:
    """Why the client's address may neither join nor write anonymously; "" where it may."""
    if not is_blocked(request, AddressBlock.Scope.JOIN):
        return ""
    return _("지금 쓰시는 인터넷 주소에서는 가입하거나 손님으로 글을 쓸 수 없습니다.")


def read_address(text: str) -> Address | None:
    """Parses an address; an IPv4 address may be written as IPv6 (::ffff:…)."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def read_network(text: str) -> Network:
    """Parses an address or a range, whose host bits are ignored. Raises ValueError."""
    network = ip_network(text.strip(), strict=False)
    if network.version == 6 and network.network_address.ipv4_mapped and network.prefixlen >= 96:
        return ip_network((network.network_address.ipv4_mapped, network.prefixlen - 96))
    return network


def _read_blocks() -> Blocks:
    blocks: Blocks = defaultdict(dict)
    for text, scope, until in AddressBlock.objects.values_list("network", "scope", "until"):
        network = read_network(text)
        bits = network.max_prefixlen - network.prefixlen
        key = scope, network.version, network.prefixlen
        blocks[key][int(network.network_address) >> bits] = until
    return dict(blocks)


known_blocks = TTLCache(_read_blocks, seconds=SECONDS)
