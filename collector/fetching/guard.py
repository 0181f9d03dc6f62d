"""What the collector may reach: the public web, and nothing of this site, machine or network.

Microsoft's AntiSSRF asks for a name's addresses once, refuses the name if one of them is not
public, and connects to the very address that it has judged. What it does not know is here: our own
names and addresses, odd spellings, ports.
"""

import re
import socket
from ipaddress import IPv4Address, ip_address, ip_network
from urllib.parse import urlsplit

import requests
from AntiSSRF import AntiSSRFPolicy, PolicyConfigOptions
from django.conf import settings
from urllib3.exceptions import HTTPError

PORTS = frozenset({80, 443})
"""Where feeds stand. On others are the things that an outsider must not reach, and AntiSSRF would
name them wrongly: it sends a Host header without the port."""
ADDRESS_LENGTH = 2_000  # characters

ODD = re.compile(r"[\x00-\x1f\x7f\\]")  # parsers differ about these
HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+|[0-9a-f.]*:[0-9a-f:.]*")  # a name with a dot, IPv6
NUMBER = re.compile(r"\d+|0x[0-9a-f]*")  # a last label like this makes a host an IPv4 address


class Refused(Exception):
    """The address may not be fetched."""


def policy() -> AntiSSRFPolicy:
    """Which addresses may be connected to: public ones only."""
    allowed = AntiSSRFPolicy(PolicyConfigOptions.EXTERNAL_ONLY_LATEST)
    allowed.allow_plain_text_http = True  # many feeds still are
    allowed.add_xff_header = False
    # Its list of IPv6 leaves out old ways to write an IPv4 address (::10.0.0.1, ::ffff:0:10.0.0.1).
    # Public ones begin with 2000::/3 (RFC 4291); it judges IPv4 as ::ffff:0:0/96.
    old = ip_network("::/3").address_exclude(ip_network("::ffff:0:0/96"))
    allowed.add_denied_addresses([*map(str, old), "4000::/2", "8000::/1"])
    return allowed


def is_ours(host: str) -> bool:
    """Whether `host`, a name or an address, is of this site or this machine. Sends nothing.

    Behind a router that translates addresses, our public one is known by its names only.
    """
    names = {urlsplit(own_address()).hostname, *settings.ALLOWED_HOSTS}
    if host in names or f"[{host}]" in names:
        return True
    try:
        wanted = ip_address(host)
    except ValueError:
        return False
    # Who speaks to himself does it from the same address; UDP chooses it without a packet.
    family = socket.AF_INET if wanted.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((host, 9))
            return ip_address(probe.getsockname()[0]) == wanted
    except OSError:  # there is no way there
        return False


def own_address() -> str:
    """The site's, in ASCII."""
    return requests.Request("GET", settings.SITE_URL).prepare().url


def prepare(
    session: requests.Session, address: str, headers: dict[str, str]
) -> requests.PreparedRequest:
    """The request for `address`, judged as it will be sent. Raises Refused."""
    if len(address) > ADDRESS_LENGTH or ODD.search(address):
        raise Refused
    try:
        request = session.prepare_request(requests.Request("GET", address, headers=headers))
        parts = urlsplit(request.url)
        usual_port = {"http": 80, "https": 443}[parts.scheme]
        port = usual_port if parts.port is None else parts.port
    except (requests.RequestException, HTTPError, ValueError, KeyError) as error:
        raise Refused from error
    host = (parts.hostname or "").rstrip(".")
    if "@" in parts.netloc or port not in PORTS or not HOST.fullmatch(host) or is_ours(host):
        raise Refused
    if NUMBER.fullmatch(host.rpartition(".")[2]):
        try:
            IPv4Address(parts.hostname)  # not 0x7f.1, 0177.0.0.1 or 127.1: resolvers take them
        except ValueError as error:
            raise Refused from error
    return request


def check(address: str) -> None:
    """Raises Refused for an `address` that is never fetched, as far as can be told without a name
    server: a kindness to whoever types it. What a name means is judged when it is fetched."""
    with requests.Session() as session:
        session.trust_env = False
        host = urlsplit(prepare(session, address, {}).url).hostname
    try:
        is_public = ip_address(host).is_global
    except ValueError:  # a name
        return
    if not is_public:
        raise Refused
