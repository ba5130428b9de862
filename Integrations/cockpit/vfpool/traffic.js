// What goes through VFs, as `vfpool top` measures it.
import { el, fixed } from "./dom.js";
import { read } from "./host.js";
import { amountWords } from "./words.js";

const seconds = 2;
const latest = new Map();   // by pool or PF: rates of its VFs, by PCI address
const under = new Set();    // what is measured now

/**
 * What was measured last of a pool or PF. As that takes its time, it is measured anew meanwhile; when there is something for the first
 * time, the document hears of it (`measured`).
 */
export function lastTraffic(name) {
    if (!under.has(name)) {
        under.add(name);
        // Without figures the rest is shown all the same.
        read("top", ["--batch=1", `--interval=${seconds}`], [name]).catch(() => ({ vfs: [] })).then(({ vfs }) => {
            const isFirst = !latest.has(name);
            latest.set(name, Object.fromEntries(vfs.map(vf => [vf.address, vf.rate])));
            under.delete(name);
            if (isFirst)
                document.dispatchEvent(new Event("measured"));
        });
    }
    return latest.get(name) ?? {};
}

export const trafficColumns = ["Receives", "Sends"];

/** Whether something is known of any VF. */
export function isMeasured(rates) {
    return Object.values(rates).some(rate => rate.receivedBytes !== null);
}

/** A cell of each column. */
export function trafficCells(rates, address) {
    const reason = "the PF's driver does not count it";
    return [rates[address]?.receivedBytes, rates[address]?.transmittedBytes].map(value => value === null || value === undefined
        ? el("abbr", { title: reason, tabindex: "0", "aria-label": `unknown: ${reason}` }, "?") : fixed(amountWords(value, "B/s")));
}
