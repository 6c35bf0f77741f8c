/* The page's sentences come from the server in the page's language; here only the gaps are filled. */

/** `say("key", {name})` gives the sentence; a missing key shows itself, so that it is noticed. */
export function createWords(table) {
  return function say(key, values = {}) {
    const sentence = table[key] ?? key;
    return sentence.replace(/\{(\w+)\}/g, (gap, name) => String(values[name] ?? gap));
  };
}
