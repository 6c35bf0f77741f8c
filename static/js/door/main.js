/* The scanner page: its rooms, in the order in which they are made, and how a shift begins. */

import { createActing } from "./acting.js";
import { createAdmitting } from "./admitting.js";
import { createFilming } from "./filming.js";
import { load, openKnowing } from "./knowing.js";
import { createReadiness } from "./readiness.js";
import { createRehearsal } from "./rehearsal.js";
import { installShell, keepStorage } from "./shell.js";
import { createSyncing } from "./syncing.js";
import { keepAwake } from "./wake-lock.js";
import { wire } from "./wiring.js";

const parts = wire();
const syncing = createSyncing(parts);
await openKnowing(parts);
parts.rehearsal = createRehearsal(parts);
createAdmitting(parts);
createActing(parts);
createFilming(parts);
parts.readiness = createReadiness(parts);

parts.gateView.draw();
parts.wayView.draw();
parts.walkin.draw();
syncing.watch();
parts.rehearsal.watch();
await load(parts);
syncing.endInTime();
syncing.catchUp();
installShell({ url: parts.config.serviceWorker, onFlush: parts.outbox.flush });
keepStorage();
parts.awake = keepAwake();
await parts.filming.begin();
parts.readiness.greet();
document.body.dataset.ready = "yes";
