"""Who asks, for limits."""

from __future__ import annotations

import ipaddress

from flask import request


def client() -> str:
    """The network address that this request comes from; of IPv6 the part that one connection owns."""
    address = request.remote_addr or ""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return address
