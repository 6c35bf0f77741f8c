/* What a guest sees on a self check-in tablet: the waiting screen, the answer over it, in one of two languages with the
   other one's first words below. */

import { part, setIcon } from "./dom.js";
import { createWords } from "./words.js";

const ICONS = { ok: "check", staff: "user", checking: "clock", practice: "ticket" };
/* A guest's choice of language holds for that guest. */
const OWN_MS = 60_000;

/** What stands on an answer, as plain values: {word, name, line, table, other}; `say` and `also` are the two languages. */
export function answerOf({ screen, name = "", table = null }, say, also) {
  return {
    word: say(screen),
    name: screen === "ok" && name ? say("ok_person", { name }) : "",
    table: screen === "ok" && table ? say("table", { table }) : "",
    line: screen === "checking" ? "" : say(`${screen}_more`),
    other: screen === "checking" ? "" : also(screen),
  };
}

/** `words` is {ko: {...}, en: {...}}, `titles` the meetup's by language, `locale` the one to come back to. */
export function createKioskView({ words, titles, locale, onLanguage = () => {} }) {
  const says = Object.fromEntries(Object.entries(words).map(([name, table]) => [name, createWords(table)]));
  const answer = part("answer");
  let language = locale;
  let shown = null;
  let timer = null;

  const other = () => Object.keys(words).find((name) => name !== language);
  const say = (key, values) => says[language](key, values);
  const write = (name, text) => (part(name).textContent = text);

  function draw() {
    document.documentElement.lang = language;
    document.title = say("title");
    write("meetup", titles[language]);
    for (const each of document.querySelectorAll("[data-say]")) each.textContent = say(each.dataset.say);
    /* The button is in the language that it leads to. */
    const button = part("language").querySelector("[data-say]");
    button.lang = other();
    button.textContent = says[other()]("language");
    part("other").lang = other();
    write("other", says[other()]("hold"));
    if (shown) fill();
  }

  function fill() {
    const { word, name, table, line, other: second } = answerOf(shown, say, says[other()]);
    setIcon(part("answer-icon"), ICONS[shown.screen]);
    write("answer-word", word);
    write("answer-name", name);
    write("answer-table", table);
    write("answer-line", line);
    part("answer-other").lang = other();
    write("answer-other", second);
  }

  function choose(next) {
    clearTimeout(timer);
    language = next;
    if (language !== locale) timer = setTimeout(() => choose(locale), OWN_MS);
    draw();
    onLanguage(language);
  }

  part("language").addEventListener("click", () => choose(other()));
  draw();

  return {
    say,
    show(next) {
      shown = next;
      document.body.classList.toggle("kiosk--answered", Boolean(next));
      if (next) {
        answer.dataset.screen = next.screen;
        return fill();
      }
      delete answer.dataset.screen;
      for (const name of ["answer-word", "answer-name", "answer-table", "answer-line", "answer-other"]) write(name, "");
      return undefined;
    },
    get language() {
      return language;
    },
  };
}
