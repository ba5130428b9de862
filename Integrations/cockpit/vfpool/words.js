// Texts made of texts: no element, no cockpit, so that each can be tried alone.

// Controls, what turns the direction of writing, and what breaks a line: shown as vfpool's tables show them, so that no name looks like another.
const acting = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A text of outside as it may stand in the page. */
export function printable(text) {
    return String(text).replace(acting, character => "\\u" + character.charCodeAt(0).toString(16).padStart(4, "0"));
}

const plain = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const likeUUID = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

/** How a thing is named to vfpool: by its name if that can mean nothing else, so that the journal reads well; else by what is sure. */
export function nameFor(name, sure) {
    return plain.test(name) && !likeUUID.test(name) ? name : sure;
}

/** A command as one would type it in a shell. */
export function shellWords(words) {
    return words.map(word => /^[A-Za-z0-9_@%+=:,.\/-]+$/.test(word) ? word : "'" + word.replaceAll("'", "'\\''") + "'").join(" ");
}

/** What a plan says it does, to tell two of them apart. A new network gets a UUID each time that a plan is made: that does not count. */
export function planKey(plan) {
    const documents = plan.documents.map(document => ({
        ...document, diff: document.diff.replace(/^\+  <uuid>[0-9a-f-]{36}<\/uuid>$/gm, "+  <uuid/>"),
    }));
    return JSON.stringify([plan.steps, documents, plan.warnings, plan.notes]);
}

/** A failure as vfpool says it: the last line of what it wrote to stderr; else whatever was there. */
export function failureOf(text, fallback) {
    const lines = String(text ?? "").trim().split("\n");
    try {
        const { error } = JSON.parse(lines.at(-1));
        if (typeof error.message === "string")
            return { code: error.code, message: error.message, cause: error.cause ?? null, hints: error.hints ?? [] };
    } catch {
        // Not of vfpool itself, or of one that could not say more.
    }
    return { code: null, message: fallback, cause: lines.join("\n") || null, hints: [] };
}

/** Of counts: those that are not 0, in their order. */
export function countWords(counts) {
    const { total, ...uses } = counts;
    const parts = Object.entries(uses).filter(([, count]) => count > 0).map(([use, count]) => `${count} ${use}`);
    return `${total} ${total === 1 ? "VF" : "VFs"}` + (parts.length ? `: ${parts.join(", ")}` : "");
}

/** VF settings that something is said of, as options of `vfpool set` name them. */
export function settingWords(settings) {
    const names = {
        trust: "trust", spoofCheck: "spoof check", maxRate: "max rate", minRate: "min rate", linkState: "link", vlanQoS: "VLAN QoS",
        vlanProtocol: "VLAN protocol",
    };
    return Object.entries(settings ?? {}).filter(([name, value]) => name in names && value !== null).map(([name, value]) => {
        const words = value === true ? "on" : value === false ? "off" : String(value);
        return `${names[name]} ${words}${name.endsWith("Rate") && value !== 0 ? " Mbit/s" : ""}`;
    });
}

/** What an interface is on. */
export function placeWords(place) {
    if (!place)
        return "";
    const kinds = {
        pool: "pool", "hostdev-interface": "VF", hostdev: "VF (plain hostdev)", network: "network", bridge: "bridge", direct: "macvtap on", other: "other",
    };
    const words = [kinds[place.kind] ?? place.kind];
    if (place.name !== null)
        words.push(place.name);
    if (place.portgroup !== null)
        words.push(`(portgroup ${place.portgroup})`);
    if (place.address !== null)
        words.push(place.address);
    return words.join(" ");
}

/** So much of a unit, for people. */
export function amountWords(value, unit) {
    let scaled = value, index = 0;
    const prefixes = ["", "k", "M", "G", "T"];
    while (scaled >= 1000 && index < prefixes.length - 1) {
        scaled /= 1000;
        index += 1;
    }
    return `${index === 0 ? Math.round(scaled) : scaled.toPrecision(3)} ${prefixes[index]}${unit}`;
}
