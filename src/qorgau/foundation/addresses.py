"""From which address a request comes, also behind proxies that the installation trusts."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
# One connection is given so many addresses of the sixth version that each of them says nothing.
_IPV6_PREFIX = 64


def networks(words: str) -> tuple[Network, ...]:
    """The networks of a setting: addresses or networks, separated by spaces."""
    return tuple(ipaddress.ip_network(word, strict=False) for word in words.split())


def address_of(meta: Mapping[str, Any]) -> str:
    """The nearest address that is not one of a trusted proxy.

    Each proxy writes at the end of ``X-Forwarded-For`` who asked it; what stands before the first
    address that is not trusted was written by whoever asks, and is not believed.
    """
    address = str(meta.get("REMOTE_ADDR", ""))
    told = str(meta.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    while told and _is_trusted(address, settings.QORGAU_TRUSTED_PROXIES):
        before = told.pop().strip()
        if _parsed(before) is None:
            break
        address = before
    return _shortened(address)


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    return mapped or found


def _is_trusted(address: str, proxies: Iterable[Network]) -> bool:
    found = _parsed(address)
    return found is not None and any(found in network for network in proxies)


def _shortened(address: str) -> str:
    found = _parsed(address)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, _IPV6_PREFIX), strict=False).network_address)
    return str(found) if found else address
