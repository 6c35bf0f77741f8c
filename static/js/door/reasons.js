/* Why somebody's attendance isn't confirmed: the lists say it beside the verdict, as the server does in words. */

/** `judge(scan)` is the phone's own word; the same, with how the registration stands (`status`) where that is the reason. */
export const withReason = (judge, { list, people }) => async (scan) => {
  const outcome = await judge(scan);
  if (outcome?.verdict !== "unapproved") return outcome;
  const record = scan.code ? (await list.find(scan.code))?.record : people.line(scan.registration);
  return { ...outcome, status: record?.t ?? null };
};
