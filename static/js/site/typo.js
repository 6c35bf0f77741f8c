// An address with a known slip is questioned once, before it is sent; the person decides.
import { correction } from './slips.js';

const WORDS = {
  ko: { ask: (address) => `혹시 ${address} 아닌가요?`, fix: '고칠게요', keep: '이대로 보낼게요' },
  en: { ask: (address) => `Did you mean ${address}?`, fix: 'Yes, change it', keep: 'No, send as typed' },
};

function button(text, kind, act) {
  const element = document.createElement('button');
  element.type = 'button';
  element.className = `button button--small button--${kind}`;
  element.textContent = text;
  element.addEventListener('click', act);
  return element;
}

function question(words, meant, answers) {
  const box = document.createElement('div');
  box.className = 'typo';
  box.setAttribute('role', 'alert');
  const text = document.createElement('p');
  text.textContent = words.ask(meant);
  box.append(text, button(words.fix, 'secondary', answers.fix), button(words.keep, 'quiet', answers.keep));
  return box;
}

export function start(input) {
  const words = WORDS[document.documentElement.lang] ?? WORDS.en;
  let box = null;
  let kept = null;
  const settle = (value) => {
    input.value = value;
    kept = value;
    box?.remove();
    box = null;
    input.focus();
  };
  const ask = () => {
    const meant = correction(input.value);
    box?.remove();
    box = null;
    if (!meant || kept === input.value) return false;
    const typed = input.value;
    box = question(words, meant, {
      fix: () => settle(meant),
      keep: () => { settle(typed); input.form?.requestSubmit(); },
    });
    input.after(box);
    return true;
  };
  input.addEventListener('change', ask);
  input.form?.addEventListener('submit', (event) => {
    if (ask()) event.preventDefault();
  });
}
