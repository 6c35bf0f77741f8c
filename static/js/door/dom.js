/* The page's parts are found by data-part, made of text and attributes only: nothing here takes markup. */

export function part(name, within = document) {
  return within.querySelector(`[data-part="${name}"]`);
}

/** Show one of some panels, by name, or none. Where the focus was in one that goes, `heir` takes it: nobody's keyboard is
    left on what can't be seen. */
export function showOnly(name, panels, heir) {
  const left = Object.entries(panels).some(([each, panel]) => each !== name && panel.contains(document.activeElement));
  for (const [each, panel] of Object.entries(panels)) panel.hidden = each !== name;
  if (left) heir.focus({ preventScroll: true });
}

export function json(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

/** An element with a class, a text and attributes. */
export function make(tag, { className = "", text = null, ...attributes } = {}, children = []) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== null) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Point an icon of the page at another drawing of the same sprite. */
export function setIcon(svg, name) {
  const use = svg.querySelector("use");
  use.setAttribute("href", `${use.getAttribute("href").split("#")[0]}#${name}`);
}
