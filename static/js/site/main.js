// Loads a behaviour only where the page asks for it by a data- attribute. Every page works without any of them.
import './once.js';

const BEHAVIOURS = {
  all: '[data-all]',
  copy: '[data-copy]',
  code: '[data-code]',
  conditions: '[data-asked-if]',
  confirm: '[data-confirm-name]',
  current: '.desk-nav [aria-current]',
  drop: '[data-drop]',
  framed: '[formtarget]',
  live: '[data-live]',
  local: 'time[data-local]',
  people: '[data-people]',
  relative: 'time[data-relative]',
  small: '[data-focus], [data-menu], [data-print]',
  typo: '[data-typo]',
  unsaved: '[data-unsaved]',
};

for (const [name, selector] of Object.entries(BEHAVIOURS)) {
  const found = document.querySelectorAll(selector);
  if (found.length) import(`./${name}.js`).then((behaviour) => found.forEach(behaviour.start));
}
