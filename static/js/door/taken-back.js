/** A passage was taken back here: this phone forgets it, and asks for the list at once, as others of the same ticket may
    tell the same and only the list knows which of them stand. */
export async function takenBack({ last, judge, list, door }, scanId) {
  last.undone(scanId);
  await judge.undoneHere(scanId).catch(() => {});
  await list.refresh({ anew: true });
  door.lookAgain();
}
