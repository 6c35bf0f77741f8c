// Tabs wider than the screen start with the current one in view.
export function start(link) {
  const tabs = link.parentElement;
  const [at, around] = [link.getBoundingClientRect(), tabs.getBoundingClientRect()];
  tabs.scrollLeft += at.left + at.width / 2 - (around.left + around.width / 2);
}
