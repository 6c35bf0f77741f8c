/* What goes to the server at once and not by way of the outbox: the same words again are the same try and keep their id,
   so that it is done once; other words are another. */

import { uuid4 } from "./uuid.js";

export function createTries(makeId = uuid4) {
  let told = null;
  let id = null;
  let unsure = false;

  function forget() {
    told = null;
    unsure = false;
  }

  return {
    idOf(words) {
      const text = JSON.stringify(words);
      if (text !== told) id = makeId();
      told = text;
      return id;
    },
    /** What came back. Under an id that was refused nothing stands; without a word from our server it may have been done. */
    heard({ how, body }) {
      if (how === "refused") forget();
      else if (how !== "answered" && !body?.reason) unsure = true;
    },
    forget,
    /** Whether the last words may have been done, and nobody knows. */
    get unsure() {
      return unsure;
    },
  };
}
