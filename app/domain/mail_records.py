"""What a sender's domain says in DNS of who may send in its name: SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489), and MX.

Judged here, asked of DNS in app/services/mails/dns_records.py.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass

USUAL_SELECTORS = ("default", "google", "selector1", "selector2", "s1", "k1", "mail", "dkim")
"""Where big providers keep a DKIM key; DNS tells no other."""
MOST_PARENTS = 4
_SELECTOR = re.compile(r"[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?", re.IGNORECASE)


class Kind(enum.StrEnum):
    SPF = "SPF"
    DKIM = "DKIM"
    DMARC = "DMARC"
    MX = "MX"


class Finding(enum.StrEnum):
    GOOD = "good"
    MISSING = "missing"
    SEVERAL = "several"  # receivers use none of two
    OPEN = "open"  # everybody in the world may send
    REVOKED = "revoked"  # a key that was taken back
    WATCHES = "watches"  # a policy that asks for nothing but reports
    UNKNOWN = "unknown"  # DNS did not answer


@dataclass(frozen=True)
class Record:
    """`name`: where it was looked for. `text`: what stands there, empty for nothing."""

    kind: Kind
    name: str
    finding: Finding
    text: str = ""


def is_selector(text: str) -> bool:
    return _SELECTOR.fullmatch(text) is not None


def dmarc_names(domain: str) -> list[str]:
    """Where a receiver looks, the first that answers counts: at the domain, then at what it is a part of."""
    labels = domain.split(".")
    parents = [".".join(labels[start:]) for start in range(max(1, len(labels) - 1))]
    return [f"_dmarc.{each}" for each in parents[: MOST_PARENTS + 1]]


def spf(domain: str, texts: Sequence[str] | None) -> Record:
    """`texts`: the TXT records at the domain; None where DNS gave no answer."""
    if texts is None:
        return Record(Kind.SPF, domain, Finding.UNKNOWN)
    found = [text for text in texts if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")]
    if len(found) != 1:
        finding = Finding.SEVERAL if found else Finding.MISSING
        return Record(Kind.SPF, domain, finding, " / ".join(found))
    terms = found[0].lower().split()
    return Record(Kind.SPF, domain, Finding.OPEN if {"all", "+all"} & set(terms) else Finding.GOOD, found[0])


def dkim(name: str, texts: Sequence[str] | None) -> Record:
    """Of one selector's name. A record without `v` is one, too (RFC 6376, 3.6.1)."""
    if texts is None:
        return Record(Kind.DKIM, name, Finding.UNKNOWN)
    for text in texts:
        tags = _tags(text)
        if "p" in tags and tags.get("v", "DKIM1") == "DKIM1":
            return Record(Kind.DKIM, name, Finding.GOOD if tags["p"] else Finding.REVOKED, text)
    return Record(Kind.DKIM, name, Finding.MISSING)


def dmarc(name: str, texts: Sequence[str] | None) -> Record:
    if texts is None:
        return Record(Kind.DMARC, name, Finding.UNKNOWN)
    found = [text for text in texts if _tags(text).get("v") == "DMARC1"]
    if len(found) != 1:
        return Record(Kind.DMARC, name, Finding.SEVERAL if found else Finding.MISSING, " / ".join(found))
    asks_for_nothing = _tags(found[0]).get("p", "none").lower() == "none"
    return Record(Kind.DMARC, name, Finding.WATCHES if asks_for_nothing else Finding.GOOD, found[0])


def mx(domain: str, hosts: Sequence[str] | None) -> Record:
    """A single "." says that the domain takes no mail (RFC 7505): bounces and replies are lost."""
    if hosts is None:
        return Record(Kind.MX, domain, Finding.UNKNOWN)
    takes = [host for host in hosts if host.strip(".")]
    return Record(Kind.MX, domain, Finding.GOOD if takes else Finding.MISSING, ", ".join(takes))


def _tags(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): "".join(value.split()) for name, _, value in pairs}
