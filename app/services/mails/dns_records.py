"""Asking DNS what receivers of our mails ask it about the sender's domain: all at once, in some seconds at most."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import dns.exception
import dns.resolver
from dns.rdatatype import MX, TXT, RdataType

from app.domain import mail_records
from app.domain.mail_records import Finding, Kind, Record

SECONDS = 4.0
AT_ONCE = 8


def of(domain: str, selector: str = "") -> list[Record]:
    """SPF, DKIM, DMARC and MX of it. Without a selector, those that big providers use are tried.

    This server's resolver is asked; what it cannot find out is `UNKNOWN`, never "missing".
    """
    selectors = [selector] if selector else mail_records.USUAL_SELECTORS
    keys = [f"{each}._domainkey.{domain}" for each in selectors]
    policies = mail_records.dmarc_names(domain)
    try:
        resolver = dns.resolver.get_default_resolver()
    except dns.resolver.NoResolverConfiguration:
        resolver = dns.resolver.Resolver(configure=False)  # which answers nothing
    with ThreadPoolExecutor(AT_ONCE) as pool:
        spf, hosts = pool.submit(_texts, resolver, domain), pool.submit(_hosts, resolver, domain)
        found = dict(
            zip(
                [*keys, *policies],
                pool.map(lambda name: _texts(resolver, name), [*keys, *policies]),
                strict=True,
            )
        )
    return [
        mail_records.spf(domain, spf.result()),
        _first(
            sorted((mail_records.dkim(name, found[name]) for name in keys), key=_is_no_good),
            Record(Kind.DKIM, f"….{keys[0].partition('.')[2]}", Finding.MISSING),
        ),
        _first(
            [mail_records.dmarc(name, found[name]) for name in policies],
            Record(Kind.DMARC, policies[0], Finding.MISSING),
        ),
        mail_records.mx(domain, hosts.result()),
    ]


def _is_no_good(record: Record) -> bool:
    """Of several keys, which change with the years, one in use is enough."""
    return record.finding is not Finding.GOOD


def _first(records: Sequence[Record], none: Record) -> Record:
    """The first that is there; where none is, and one is unknown, that one."""
    there = (each for each in records if each.finding not in (Finding.MISSING, Finding.UNKNOWN))
    unknown = (each for each in records if each.finding is Finding.UNKNOWN)
    return next(there, next(unknown, records[0] if len(records) == 1 else none))


def _texts(resolver: dns.resolver.Resolver, name: str) -> list[str] | None:
    answer = _ask(resolver, name, TXT)
    return answer if answer is None else [b"".join(each.strings).decode(errors="replace") for each in answer]


def _hosts(resolver: dns.resolver.Resolver, name: str) -> list[str] | None:
    answer = _ask(resolver, name, MX)
    return answer if answer is None else [str(each.exchange) for each in answer]


def _ask(resolver: dns.resolver.Resolver, name: str, kind: RdataType) -> list[Any] | None:
    try:
        return list(resolver.resolve(f"{name}.", kind, lifetime=SECONDS, search=False))
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError):
        return None
