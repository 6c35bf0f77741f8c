/* A scanner that types like a keyboard types Hangul when the phone's or laptop's input is set to Korean:
   "HTTPS" arrives as "ㅗㅆㅆㅖㄴ", often already composed into syllables. This turns it back into the keys pressed. */

const INITIALS = ["r", "R", "s", "e", "E", "f", "a", "q", "Q", "t", "T", "d", "w", "W", "c", "z", "x", "v", "g"];
const MEDIALS = ["k", "o", "i", "O", "j", "p", "u", "P", "h", "hk", "ho", "hl", "y", "n", "nj", "np", "nl", "b", "m", "ml", "l"];
const FINALS = [
  "", "r", "R", "rt", "s", "sw", "sg", "e", "f", "fr", "fa", "fq", "ft", "fx", "fv", "fg",
  "a", "q", "qt", "t", "T", "d", "w", "c", "z", "x", "v", "g",
];
/* Lone letters as they stand in Unicode from U+3131 (ㄱ) to U+3163 (ㅣ). */
const LONE = [
  "r", "R", "rt", "s", "sw", "sg", "e", "E", "f", "fr", "fa", "fq", "ft", "fx", "fv", "fg", "a", "q", "Q", "qt",
  "t", "T", "d", "w", "W", "c", "z", "x", "v", "g", ...MEDIALS,
];

function keysOf(character) {
  const code = character.charCodeAt(0);
  if (code >= 0x3131 && code <= 0x3163) return LONE[code - 0x3131];
  if (code < 0xac00 || code > 0xd7a3) return character;
  const index = code - 0xac00;
  return INITIALS[Math.floor(index / 588)] + MEDIALS[Math.floor((index % 588) / 28)] + FINALS[index % 28];
}

/** The keys that were pressed on a Korean (two-set) keyboard to get this text; other characters stay. */
export function keysPressed(text) {
  return Array.from(text, keysOf).join("");
}
