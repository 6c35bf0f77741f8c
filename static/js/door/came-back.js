/* Whom this phone had not let in, and who comes in by somebody's word on its screen: they had gone out, or the server's green
   came late and they stand there still. Each tap is a remark on the scan, kept on the phone until the server has it. */

import { partyScan } from "./party-view.js";
import { backView, outcomeView } from "./verdict-model.js";

/** `people()` is how many the verdict on the screen is about. */
export function createCameBack({ say, clock, outbox, judge, turnstile, last, people }) {
  /* Scans whose remark has no answer yet. */
  const waiting = new Set();
  let busy = false;

  async function letIn(view) {
    const count = people();
    const remark = partyScan(view.scan.id, count);
    if (!(await judge.cameBack(view.scan, remark, count))) {
      return turnstile.put({ ...view, action: null, admit: "", lines: [say("override_unkept"), ...view.lines] }, view.scan.id);
    }
    waiting.add(view.scan.id);
    turnstile.letIn(view.scan, backView(view, count, say), "back");
    return outbox.follow(remark);
  }

  return {
    /** Green late, and they are here: they came in by that scan, and by no other. */
    here(view) {
      outbox.add(partyScan(view.scan.id, people()));
      last.note(view);
      turnstile.dismiss();
    },
    /** Orange, and they had gone out. */
    async back(view) {
      if (busy) return;
      busy = true;
      await letIn(view).finally(() => (busy = false));
    },
    /** The server has the remark. */
    settled(outcome, remark) {
      if (!waiting.delete(remark.of)) return;
      if (outcome.error) turnstile.putLater(outcomeView(outcome, { say, clock }));
      else last.settled({ ...outcomeView(outcome, { say, clock }), scanId: remark.of });
    },
  };
}
