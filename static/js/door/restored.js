/* The server was put back to an older backup and has got this phone's scans again: what follows from each answer. */

import { conflictView, outcomeView } from "./verdict-model.js";

const WENT = new Set(["ok", "left"]);

export function createRestored(parts) {
  const { say, clock } = parts;

  /* Whom the server no longer knows, as when they registered after the backup, is in all the same. */
  function tell(outcome, scan) {
    const view = outcomeView(outcome, { say, clock, leaves: scan.kind === "exit" });
    if (view.tone === "refused") parts.turnstile.putLater(conflictView({ ...view, scan }, scan, scan.shown, { say, clock }));
  }

  return {
    settled(outcome, scan) {
      if (!["entry", "exit"].includes(scan.kind)) return;
      if (!outcome.error && !outcome.replayed) parts.link.restored();
      if (!outcome.error) parts.judge.learn(outcome, scan).catch(() => {});
      if (WENT.has(scan.shown)) tell(outcome, scan);
    },
  };
}
