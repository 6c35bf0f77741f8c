"""Texts that spreadsheets run, mangle or lose, as our database holds them: composed, without control characters."""

from __future__ import annotations

import random
import unicodedata

PARTS = (
    "=1+1", "=cmd|' /C calc'!A0", "+82 10-0000-1234", "@SUM(A1)", "-3", "%0A", "|x", "＝1", "007", "0101234",
    "1234567890123456", "3-1", "3월 1일", "2026. 11. 3", "3:30", "1E5", "1.50", "(5)", "1 1/2", "true", "FALSE", "Mar-3",
    "'", "''", "'=1", "'010", '"', '""', 'a"b', ",", ";", "\t", "\n", "첫 줄\n둘째 줄", "<b>김</b>", "&amp;", "]]>", "_x0041_",
    "_x000D_", "#N/A", "#REF!", "http://x.example", "mailto:a@example.com", "김하나", unicodedata.normalize("NFD", "김하나"),
    "ㄱㅎㄴ", "金하나", "שלום", "مرحبا", "\u202eRTL", "\u200f", "\u200b", "\u00a0", "\u3000", "\ufeff", "\u2028", "👩‍👩‍👧", "🎉", "é", "e\u0301",
    "İ", "ß", "𠮷", "٣", "0", "-0", "NULL", "None", "sep=;", "C:\\temp", "\\n", "$1", "{=1}", "x" * 300,
)  # fmt: skip


def nasty_texts(count: int, seed: int = 5) -> list[str]:
    """Each of the parts, then random compositions of them. None ends or begins blank: no field of ours keeps that."""
    chance = random.Random(seed)
    found = [part for part in PARTS if part.strip()]
    while len(found) < count:
        made = "".join(chance.choices(PARTS, k=chance.randint(1, 4))).strip()
        if made:
            found.append(made)
    return found[:count]
