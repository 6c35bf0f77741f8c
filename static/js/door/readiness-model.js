/* Whether this phone is ready for the door, as plain values: one line for each thing that may go wrong, and what to do
   about it in plain words. Knows no page.

   A line is {key, level, word, advice}; its level is "good", "look" (somebody should look at it) or "note" (nothing
   that anybody must do, or that the browser does not tell). */

const MINUTE_MS = 60_000;
const OLD_LIST_MS = 30 * MINUTE_MS;
const SKEW_MS = 5 * MINUTE_MS;
const LOW_BATTERY = 0.3;
const LITTLE_ROOM = 50_000_000;

/* What to do where the screen may go dark, by the lock's state. */
const DARK = { refused: "ready_awake_refused_then", lost: "ready_awake_lost_then" };

const good = (word, advice = "") => ({ level: "good", word, advice });
const look = (word, advice) => ({ level: "look", word, advice });
const note = (word, advice) => ({ level: "note", word, advice });

const megabytes = (bytes) => (bytes / 1_000_000).toLocaleString(undefined, { maximumFractionDigits: 1 });

const LINES = {
  camera({ state, name }, say) {
    if (state === "live") return good(name || say("ready_camera_live"));
    if (state === "idle") return look(say("ready_untried"), say("ready_camera_idle"));
    return look(say("ready_camera_none"), say(`camera_${state}`));
  },
  list(about, say, { clock }) {
    if (!about) return look(say("ready_list_none"), say("ready_list_none_then"));
    const values = { count: about.count.toLocaleString(), time: clock.format(about.at) };
    const old = clock.serverNow() - Date.parse(about.at) > OLD_LIST_MS;
    return old ? look(say("ready_list", values), say("ready_list_old_then")) : good(say("ready_list", values));
  },
  names({ ready, count }, say) {
    return ready ? good(say("ready_names", { count: count.toLocaleString() })) : look(say("ready_list_none"), say("ready_list_none_then"));
  },
  server: (online, say) => (online === false ? look(say("link_off"), say("ready_server_then")) : online ? good(say("link_on")) : note(say("link_asking"), "")),
  waiting: (count, say) => (count > 0 ? look(say("ready_waiting", { count }), say("ready_waiting_then")) : good(say("ready_waiting_none"))),
  shell(state, say) {
    if (state === "kept") return good(say("ready_shell_kept"));
    return state === "coming" ? look(say("ready_shell_coming"), say("ready_list_none_then")) : look(say("ready_shell_none"), say("ready_shell_none_then"));
  },
  storage({ durable, persisted, quota, usage }, say) {
    if (!durable) return look(say("ready_storage_none"), say("ready_storage_none_then"));
    const used = usage >= 0 ? say("ready_storage_used", { used: megabytes(usage) }) : say("ready_storage_kept");
    if (quota - usage < LITTLE_ROOM) return look(used, say("ready_storage_full_then"));
    return persisted === false ? note(used, say("ready_storage_lent_then")) : good(used);
  },
  clock({ known, offsetMs }, say) {
    if (!known) return look(say("ready_clock_unknown"), say("ready_clock_unknown_then"));
    const minutes = Math.round(Math.abs(offsetMs) / MINUTE_MS);
    if (Math.abs(offsetMs) <= SKEW_MS) return good(minutes < 1 ? say("ready_clock_right") : say("ready_clock_off", { minutes }));
    return look(say("ready_clock_off", { minutes: minutes.toLocaleString() }), say("ready_clock_off_then"));
  },
  battery(battery, say) {
    if (!battery) return note(say("ready_battery_unknown"), say("ready_battery_unknown_then"));
    const values = { percent: Math.round(battery.level * 100) };
    if (battery.charging) return good(say("ready_battery_charging", values));
    return battery.level < LOW_BATTERY ? look(say("ready_battery", values), say("ready_battery_low_then")) : good(say("ready_battery", values));
  },
  sound({ muted, tried }, say) {
    if (muted) return look(say("ready_sound_off"), say("ready_sound_off_then"));
    if (tried === null) return look(say("ready_untried"), say("ready_sound_untried"));
    return tried ? good(say("ready_sound_played"), say("ready_sound_played_then")) : look(say("ready_sound_none"), say("ready_sound_none_then"));
  },
  awake: (state, say) => (state === "held" ? good(say("ready_awake")) : look(say("ready_awake_none"), say(DARK[state] ?? "ready_awake_none_then"))),
  home: (_, say) => note(say("ready_home"), say("ready_home_then")),
};

/** The lines of what is known: `facts` holds something for each of them, undefined for what does not apply here. */
export function linesOf(facts, { say, clock }) {
  return Object.entries(LINES)
    .filter(([key]) => facts[key] !== undefined)
    .map(([key, line]) => ({ key, ...line(facts[key], say, { clock }) }));
}

/** {level, word}: all of it in one line. */
export function overall(lines, say) {
  const count = lines.filter(({ level }) => level === "look").length;
  return count ? { level: "look", word: say("ready_look", { count }) } : { level: "good", word: say("ready_yes") };
}
