/* A supervisor lets in whom this phone's list does not know: with a reason, and green only when both are on the disk.
   Only a supervisor's page has the sheet. */

import { part } from "./dom.js";
import { uuid4 } from "./uuid.js";

/** What goes to the server after the scan, and never before it, also where the clock was set back in between. */
export function overrideScan(scan, reason, { now = () => new Date(), makeId = uuid4 } = {}) {
  const at = now().toISOString();
  return { id: makeId(), kind: "override", of: scan.id, reason, scanned_at: at > scan.scanned_at ? at : scan.scanned_at };
}

/** `keep(scan, override)` puts it on the disk and says whether it is there; `onKept(scan, override)` follows. */
export function createOverrideView({ say, panels, keep, onKept }) {
  const form = part("override-form");
  if (!form) return { open() {}, settled() {} };
  const reason = part("override-reason");
  const error = part("override-error");
  const submit = part("override-submit");
  let scan = null;

  async function letIn() {
    const [of, override] = [scan, overrideScan(scan, reason.value.trim())];
    submit.setAttribute("aria-busy", "true");
    const kept = await keep(of, override);
    submit.removeAttribute("aria-busy");
    if (!kept) return void (error.textContent = say("override_unkept"));
    if (panels.open === "override") panels.close();
    onKept(of, override);
  }

  form.addEventListener("click", (event) => {
    const suggested = event.target.closest("[data-reason]");
    if (!suggested) return;
    reason.value = suggested.textContent.trim();
    error.textContent = "";
    submit.focus();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (submit.getAttribute("aria-busy")) return;
    error.textContent = reason.value.trim() ? "" : say("undo_reason_missing");
    if (reason.value.trim()) letIn();
    else reason.focus();
  });

  return {
    open(next, who) {
      scan = next;
      part("override-who").textContent = who;
      error.textContent = "";
      reason.value = "";
      panels.show("override");
    },
    /** The server has answered this scan: what it says is on the screen, and nothing is left to override. */
    settled(scanId) {
      if (panels.open === "override" && scan?.id === scanId && !submit.getAttribute("aria-busy")) panels.close();
    },
  };
}
