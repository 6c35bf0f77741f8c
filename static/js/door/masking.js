/* A name that its bearer recognises and a bystander does not learn, as app/domain/writing/masking.py has it; the cases are
   tests/contract/masking.json. The server masks already: this is the last gate before the screen. */

const HIDDEN = "*";
const MOST_HIDDEN = 3;
const DENSE = [
  [0x1100, 0x11ff], [0x3040, 0x30ff], [0x3130, 0x318f], [0x3400, 0x9fff], [0xac00, 0xd7a3], [0xf900, 0xfaff], [0x20000, 0x3ffff],
];

const isDense = (word) => DENSE.some(([first, last]) => word.codePointAt(0) >= first && word.codePointAt(0) <= last);

function maskedWord(word) {
  const letters = Array.from(word);
  if (letters[0] === HIDDEN || (isDense(word) && letters.length === 1)) return HIDDEN;
  if (!isDense(word)) return letters[0] + HIDDEN.repeat(2);
  if (letters.length === 2) return letters[0] + HIDDEN;
  return letters[0] + HIDDEN.repeat(Math.min(letters.length - 2, MOST_HIDDEN)) + letters.at(-1);
}

export function masked(name) {
  const words = name.normalize("NFC").replace(/[\p{Cc}\p{Cf}]/gu, "").split(/\s+/).filter(Boolean);
  const joined = words.length && words.every(isDense) ? [words.join("")] : words;
  return joined.map(maskedWord).join(" ") || HIDDEN;
}
