// What went through VFs, as `vfpool metrics` counts it.
import { el, fixed } from "./dom.js";
import { read } from "./host.js";
import { amountWords } from "./words.js";

const names = ["vfpool_vf_receive_bytes_total", "vfpool_vf_transmit_bytes_total"];

/** Of each VF that its PF's driver counts, by PCI address: bytes received and sent. */
export async function readTraffic() {
    const counted = {};
    // Without figures the rest is shown all the same.
    const { metrics } = await read("metrics").catch(() => ({ metrics: [] }));
    for (const { name, samples } of metrics.filter(one => names.includes(one.name))) {
        for (const { labels, value } of samples)
            (counted[labels.pci_address] ??= [null, null])[names.indexOf(name)] = value;
    }
    return counted;
}

export const trafficColumns = ["Received", "Sent"];

export function trafficCells(counted, address) {
    const unknown = () => el("abbr", { title: "the PF's driver does not count it", tabindex: "0", "aria-label": "unknown: the PF's driver does not count it" }, "?");
    return (counted[address] ?? [null, null]).map(value => value === null ? unknown() : fixed(amountWords(value, "B")));
}
