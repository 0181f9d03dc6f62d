"""Which hosts the collector may reach: the public web, but nothing of this site, machine or
network.

Microsoft's AntiSSRF resolves a name once, refuses it if one of its addresses is not public, and
connects to the very address that it has checked. This module adds what it does not know: our own
names and addresses, odd spellings and ports.
"""

import re
import socket
from ipaddress import IPv4Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import requests
from AntiSSRF import AntiSSRFPolicy, PolicyConfigOptions
from django.conf import settings
from urllib3.exceptions import HTTPError

PORTS = frozenset({80, 443})
"""Ports on which feeds are served. Others may belong to internal services, and AntiSSRF would send
a Host header without the port."""
ADDRESS_LENGTH = 2_000  # characters

ODD = re.compile(r"[\x00-\x1f\x7f\\]")  # parsers disagree about these
HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+|[0-9a-f.]*:[0-9a-f:.]*")  # a name with a dot, IPv6
NUMBER = re.compile(r"\d+|0x[0-9a-f]*")  # a last label like this makes a host an IPv4 address


class Refused(Exception):
    """The address must not be fetched."""


def policy() -> AntiSSRFPolicy:
    """The policy of AntiSSRF: only public addresses."""
    allowed = AntiSSRFPolicy(PolicyConfigOptions.EXTERNAL_ONLY_LATEST)
    allowed.allow_plain_text_http = True  # many feeds still use it
    allowed.add_xff_header = False
    # Its list of IPv6 ranges lacks old notations of IPv4 addresses (::10.0.0.1, ::ffff:0:10.0.0.1).
    # Public ones are in 2000::/3 (RFC 4291); it checks IPv4 as ::ffff:0:0/96.
    old = IPv6Network("::/3").address_exclude(IPv6Network("::ffff:0:0/96"))
    allowed.add_denied_addresses([*map(str, old), "4000::/2", "8000::/1"])
    return allowed


def is_ours(host: str) -> bool:
    """Whether `host`, a name or an address, is this site or this machine. Sends no packet.

    Behind NAT our public address cannot be recognised, only our names.
    """
    names = {urlsplit(own_address()).hostname, *settings.ALLOWED_HOSTS}
    if host in names or f"[{host}]" in names:
        return True
    try:
        wanted = ip_address(host)
    except ValueError:
        return False
    # A machine that talks to itself uses the same source address; connecting a UDP socket selects
    # it without a packet.
    family = socket.AF_INET if wanted.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((host, 9))
            return ip_address(probe.getsockname()[0]) == wanted
    except OSError:  # no route to it
        return False


def own_address() -> str:
    """The host name of the site, in ASCII."""
    return requests.Request("GET", settings.SITE_URL).prepare().url or ""


def prepare(
    session: requests.Session, address: str, headers: dict[str, str]
) -> requests.PreparedRequest:
    """The request for `address`, checked as it will be sent. Raises Refused."""
    if len(address) > ADDRESS_LENGTH or ODD.search(address):
        raise Refused
    try:
        request = session.prepare_request(requests.Request("GET", address, headers=headers))
        parts = urlsplit(request.url or "")
        usual_port = {"http": 80, "https": 443}[parts.scheme]
        port = usual_port if parts.port is None else parts.port
    except (requests.RequestException, HTTPError, ValueError, KeyError) as error:
        raise Refused from error
    host = (parts.hostname or "").rstrip(".")
    if "@" in parts.netloc or port not in PORTS or not HOST.fullmatch(host) or is_ours(host):
        raise Refused
    if NUMBER.fullmatch(host.rpartition(".")[2]):
        try:
            IPv4Address(
                parts.hostname or ""
            )  # not 0x7f.1, 0177.0.0.1 or 127.1: resolvers accept them
        except ValueError as error:
            raise Refused from error
    return request


def check(address: str) -> None:
    """Raises Refused for an address that is never fetched, as far as that is known without DNS. It
    gives an early error to the person who enters it; DNS answers are checked when it is fetched."""
    with requests.Session() as session:
        session.trust_env = False
        host = urlsplit(prepare(session, address, {}).url or "").hostname or ""
    try:
        is_public = ip_address(host).is_global
    except ValueError:  # a host name
        return
    if not is_public:
        raise Refused
