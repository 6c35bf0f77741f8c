// Rows of the programme: add, move, remove. Names carry the row's number, which is its order.
const NUMBERED = /^talks-\w+?-/;

function renumber(list) {
  [...list.children].forEach((row, number) => {
    const name = row.querySelector('[data-talk-name]');
    name.textContent = `${name.dataset.talkName} ${number + 1}`;
    for (const input of row.querySelectorAll('[name^="talks-"]')) {
      const renamed = input.name.replace(NUMBERED, `talks-${number}-`);
      const label = row.querySelector(`label[for="${input.id}"]`);
      input.name = renamed;
      input.id = renamed;
      if (label) label.htmlFor = renamed;
    }
    for (const button of row.querySelectorAll('[data-talk-move]')) button.value = `${button.dataset.talkMove}-${number}`;
  });
}

const MOVES = {
  up: (row) => row.previousElementSibling?.before(row),
  down: (row) => row.nextElementSibling?.after(row),
  remove: (row) => row.remove(),
};

export function start(form) {
  const list = form.querySelector('[data-talks]');
  const blank = form.querySelector('[data-talk-blank]');
  const add = form.querySelector('[data-talk-add]');
  if (!list || !blank || !add) return;

  add.addEventListener('click', (event) => {
    event.preventDefault();
    list.append(blank.content.querySelector('[data-talk]').cloneNode(true));
    renumber(list);
    list.lastElementChild.querySelector('input').focus();
  });
  list.addEventListener('click', (event) => {
    const button = event.target.closest('[data-talk-move]');
    if (!button) return;
    event.preventDefault();
    const row = button.closest('[data-talk]');
    const neighbour = row.nextElementSibling ?? row.previousElementSibling;
    MOVES[button.dataset.talkMove](row);
    renumber(list);
    const next = row.isConnected ? button : (neighbour?.querySelector('[data-talk-move="remove"]') ?? add);
    next.focus();
  });
}
