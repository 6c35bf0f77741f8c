"""A DNS server on loopback, over UDP, that knows the records it is given."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
from dns.rdatatype import to_text


@contextmanager
def names_server(
    records: Mapping[tuple[str, str], list[str]], silent: str = ""
) -> Iterator[dns.resolver.Resolver]:
    """A resolver that asks it. `records` by name and type, as a zone file writes them; about `silent` it never answers."""
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    line.bind(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                sent, asker = line.recvfrom(4096)
            except OSError:
                return
            if not sent:
                return
            asked = dns.message.from_wire(sent)
            (question,) = asked.question
            name = question.name.to_text().rstrip(".")
            if name == silent:
                continue
            answer = dns.message.make_response(asked)
            answer.flags |= dns.flags.RA
            kind = to_text(question.rdtype)
            if found := records.get((name, kind)):
                answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *found))
            elif not any(name == known for known, _ in records):
                answer.set_rcode(dns.rcode.NXDOMAIN)
            line.sendto(answer.to_wire(), asker)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], line.getsockname()[1]
    try:
        yield resolver
    finally:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", line.getsockname())
        thread.join(5)
        line.close()
