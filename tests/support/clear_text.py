"""What lies on a phone, and whether anybody's data can be read in it."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Page

# All stores that a page can write, as one text. Bytes as Latin letters, so that text in them can be found.
DUMP = r"""async () => {
  const letters = (bytes) => Array.from(bytes, (each) => String.fromCharCode(each)).join("");
  const plain = (value) => {
    if (value instanceof CryptoKey) return `CryptoKey extractable=${value.extractable}`;
    if (value instanceof ArrayBuffer) return letters(new Uint8Array(value));
    if (ArrayBuffer.isView(value)) return letters(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    if (Array.isArray(value)) return value.map(plain);
    if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
    return value;
  };
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const found = [];
  for (const { name, version } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name, version));
    for (const store of database.objectStoreNames) {
      const rows = database.transaction(store).objectStore(store);
      const [keys, values] = [await done(rows.getAllKeys()), await done(database.transaction(store).objectStore(store).getAll())];
      values.forEach((value, i) => found.push(`${name}/${store} ${JSON.stringify(plain(keys[i]))} ${JSON.stringify(plain(value))}`));
    }
    database.close();
  }
  for (const area of [localStorage, sessionStorage]) {
    for (let i = 0; i < area.length; i += 1) found.push(`${area.key(i)} ${area.getItem(area.key(i))}`);
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const response = await cache.match(request, { ignoreVary: true });
      found.push(`${name} ${request.url} ${letters(new Uint8Array(await response.arrayBuffer()))}`);
    }
  }
  found.push(document.cookie);
  return found;
}"""


def stores_of(page: Page) -> list[str]:
    """Every row of IndexedDB, entry of localStorage and file of the caches, as text."""
    found: list[str] = page.evaluate(DUMP)
    return found


def files_of(profile: Path) -> bytes:
    """All that the browser has written for this profile, end to end."""
    return b"\n".join(file.read_bytes() for file in sorted(profile.rglob("*")) if file.is_file())


def clear_in(data: bytes, words: Iterable[str | bytes]) -> list[str | bytes]:
    """Those of the words (or keys) that can be read in the data, in one of the ways in which browsers write."""
    return [word for word in words if any(each in data for each in _spellings(word))]


def _spellings(word: str | bytes) -> list[bytes]:
    if isinstance(word, bytes):
        url = base64.urlsafe_b64encode(word).rstrip(b"=")
        return [
            word,
            word.hex().encode(),
            word.hex().upper().encode(),
            base64.b64encode(word).rstrip(b"="),
            url,
        ]
    escaped = word.encode("ascii", "backslashreplace")
    return [
        word.encode(),
        word.encode("utf-16-le"),
        word.encode("utf-16-be"),
        escaped,
        base64.b64encode(word.encode()).rstrip(b"=")[:-1],
    ]
