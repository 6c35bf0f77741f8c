/* Finding people among thousands while typing, in the browser: by any part of the name, by 초성, whatever the case,
   the spacing, the width or the composition. */

const LEADS = Array.from("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ");
const CLUSTERS = { ㄳ: "ㄱㅅ", ㄵ: "ㄴㅈ", ㄶ: "ㄴㅎ", ㄺ: "ㄹㄱ", ㄻ: "ㄹㅁ", ㄼ: "ㄹㅂ", ㄽ: "ㄹㅅ", ㄾ: "ㄹㅌ", ㄿ: "ㄹㅍ", ㅀ: "ㄹㅎ", ㅄ: "ㅂㅅ" };
const [FIRST, LAST, PER_LEAD] = [0xac00, 0xd7a3, 588];

const isLead = (letter) => LEADS.includes(letter);

function leadOf(letter) {
  const code = letter.charCodeAt(0);
  return code >= FIRST && code <= LAST ? LEADS[Math.floor((code - FIRST) / PER_LEAD)] : "";
}

/** The leading consonants of the Hangul syllables: 김하늘 is ㄱㅎㄴ. */
export const initials = (text) => Array.from(text.normalize("NFC"), leadOf).join("");

/* Letters and digits only, without case, marks or width. */
function folded(text) {
  const plain = text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").normalize("NFKC").toLowerCase();
  return plain.replace(/[^\p{L}\p{N}\p{M}]/gu, "");
}

/* Consonants as keyboards write them: lone jamo, halves of a composed pair, narrow ones. */
const consonants = (text) => {
  const wide = Array.from(text, (letter) => (letter >= "\uffa1" && letter <= "\uffdc" ? letter.normalize("NFKC") : letter)).join("");
  const lone = Array.from(wide.normalize("NFC"), (letter) => {
    const at = letter.charCodeAt(0) - 0x1100;
    return at >= 0 && at < LEADS.length ? LEADS[at] : letter;
  });
  return lone.map((letter) => CLUSTERS[letter] ?? letter).join("");
};

/** What to compare a name by; made once for each line. */
export const keyOf = (name) => `${folded(name)}|${initials(name)}`;

/**
 * `matches(key)` for what was typed. With consonants in it, the syllables count as theirs too: "김ㅎ" finds 김하늘.
 */
export function question(typed) {
  const text = consonants(typed.trim());
  const letters = Array.from(text).filter((letter) => !/\s/.test(letter));
  if (letters.length === 0) return () => true;
  if (!letters.some(isLead)) {
    const wanted = folded(text);
    return wanted ? (key) => key.slice(0, key.indexOf("|")).includes(wanted) : () => false;
  }
  const leads = letters.map((letter) => (isLead(letter) ? letter : leadOf(letter))).join("");
  const spoken = letters.filter((letter) => !isLead(letter)).join("");
  return (key) => {
    const [name, all] = key.split("|");
    return all.includes(leads) && name.includes(folded(spoken));
  };
}
