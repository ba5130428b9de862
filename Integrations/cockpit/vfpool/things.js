// A pool, a PF, a guest.
import { bind, create, migrate, remove, setGuest, setPool, unbind } from "./changes.js";
import { problems } from "./doctor.js";
import { badge, card, el, facts, field, finding, fixed, link, table } from "./dom.js";
import { read } from "./host.js";
import { running, state } from "./overview.js";
import { isMeasured, lastTraffic, trafficCells, trafficColumns } from "./traffic.js";
import { countWords, nameFor, placeWords, settingWords } from "./words.js";

function missing(kind, name) {
    return [el("h1", {}, `There is no ${kind} ${name}`), el("p", {}, el("a", { href: "#/" }, "Overview"))];
}

function crumbs(name) {
    return el("nav", { class: "crumbs", "aria-label": "Path" }, el("a", { href: "#/" }, "Overview"), " › ", el("span", { "aria-current": "page" }, name));
}

/** The host, with what doctor says of one thing in it. `find`: the thing in the host's status, and its name to vfpool. */
async function readThing(find) {
    const status = await read("status");
    const found = find(status);
    if (!found)
        return { status, checks: [], traffic: {} };
    return { status, checks: await problems(found.name), traffic: found.vfs ? lastTraffic(found.name) : {} };
}

const named = (list, name) => list.find(one => one.name === name);
const nameOf = thing => nameFor(thing.name, thing.configuration.uuid);

export const pool = {
    read: ([name]) => readThing(({ pools }) => {
        const one = named(pools, name);
        return one && { name: nameOf(one), vfs: true };
    }),

    show({ status, checks, traffic }, [name], context) {
        const one = named(status.pools, name);
        if (!one)
            return missing("pool", name);
        const { configuration } = one;
        return [
            crumbs(name),
            el("div", { class: "title" }, el("h1", { class: "name" }, name), el("div", { class: "actions" },
                context.act("Bind guest", () => bind(status, { pool: one }), { kind: "primary" }),
                context.act("Set VF options", () => setPool(one)),
                context.act("Delete", () => remove(one), { kind: "danger-secondary" }))),
            card("Pool", facts([
                ["State", state(one)],
                ["PFs", configuration.pfs.map(pf => [pf.address ? link(pf.name ?? pf.address, "pf", pf.address) : pf.name, pf.vfs ? ` (VFs ${pf.vfs})` : "", pf.present ? "" : " (not on this host)", " "])],
                ["VFs", one.status.counts ? countWords(one.status.counts) : field(one, "counts", null)],
                ["VLAN", field(one, "vlan", configuration.vlan)],
                configuration.title && ["Title", configuration.title],
                configuration.description && ["Description", configuration.description],
                configuration.portgroups.length && ["Portgroups", configuration.portgroups.map(group => el("div", {}, [
                    group.name, group.vlan === null ? "" : `: VLAN ${group.vlan}`, group.default ? " (default)" : "", settingWords(group.settings).map(word => `, ${word}`)]))],
                settingWords(configuration.settings).length && ["VF options", settingWords(configuration.settings).join(", ")],
                !configuration.managed && ["Made by", "something other than vfpool"],
            ])),
            card("VFs", vfTable(one.status.functions ?? [], configuration.pfs.length > 1, traffic)),
            checksCard(checks),
        ];
    },
};

export const pf = {
    read: ([address]) => readThing(({ ports }) => ports.some(one => one.address === address) && { name: address, vfs: true }),

    show({ status, checks, traffic }, [address], context) {
        const one = status.ports.find(port => port.address === address);
        if (!one)
            return missing("PF", address);
        return [
            crumbs(one.name),
            el("div", { class: "title" }, el("h1", { class: "name" }, `PF ${one.name}`), el("div", { class: "actions" },
                context.act("Create pool", () => create(status, one), { kind: "primary" }))),
            card("PF", facts([
                ["Address", address], ["MAC", field(one, "mac", one.status.mac)], ["Driver", field(one, "driver", one.status.driver)],
                ["Link", field(one, "up", one.status.up === null ? null : one.status.up ? "up" : "down")],
                ["NUMA node", field(one, "numaNode", one.status.numaNode)],
                ["VFs", `${one.configuration.enabledVFs} of ${one.configuration.possibleVFs ?? "?"} enabled; ${countWords(one.status.counts)}`],
                ["Pools", one.configuration.pools.length ? one.configuration.pools.map(name => [link(name, "pool", name), " "]) : "none"],
            ])),
            card("VFs", vfTable(one.status.functions, false, traffic)),
            checksCard(checks),
        ];
    },
};

function vfTable(functions, several, traffic) {
    const counted = isMeasured(traffic);
    const columns = ["VF", "Address", "Use", "Guest", "MAC", "Actual MAC", "VLAN", "Driver", ...counted ? trafficColumns : []];
    return table("VFs", columns, functions.map(one => [
        [several && one.pf ? `${one.pf}:` : "", one.index ?? "—"], fixed(one.address), [badge(one.use), one.reason ? ` ${one.reason}` : ""],
        one.guest === null ? field(one, "guest") : [link(one.guest, "guest", one.guest), one.interface ? `, interface ${one.interface.index}` : ""],
        ...["mac", "actualMAC", "vlan", "driver"].map(name => fixed(field(one, name))), ...counted ? trafficCells(traffic, one.address) : [],
    ]), "It has no VF.");
}

export const guest = {
    read: ([name]) => readThing(({ guests }) => {
        const one = named(guests, name);
        return one && { name: nameOf(one) };
    }),

    show({ status, checks }, [name], context) {
        const one = named(status.guests, name);
        if (!one)
            return missing("guest", name);
        return [
            crumbs(name),
            el("div", { class: "title" }, el("h1", { class: "name" }, name), el("div", { class: "actions" },
                context.act("Bind", () => bind(status, { guest: one }), { kind: "primary" }),
                context.act("Migrate", () => migrate(status, one)),
                context.act("Unbind", () => unbind(one)),
                context.act("Set VF options", () => setGuest(one)))),
            card("Guest", facts([
                ["State", running(one), one.status.savedState ? " its next start uses a saved state" : "", one.status.pending ? " an interface changes at its next start" : ""],
                ["UUID", one.configuration.uuid], ["Starts at boot", one.configuration.autostart ? "yes" : "no"],
                one.configuration.title && ["Title", one.configuration.title],
                one.configuration.description && ["Description", one.configuration.description],
            ])),
            card("Interfaces", table("Interfaces", ["Interface", "MAC", "Now", "Next start", "VLAN", ""], one.interfaces.map(face => [
                face.index ?? "—", field(face, "mac"), placeOf(face.status, status) ?? field(face, "status"),
                [placeOf(face.configuration, status) ?? "none", face.pending ? [" ", badge("changes", "pending")] : ""],
                field(face, "vlan"), face.teamed ? "half of a failover pair" : "",
            ]), "It has no interface.")),
            checksCard(checks),
        ];
    },
};

/** With a link where it is on a pool. */
function placeOf(place, { pools }) {
    if (!place)
        return null;
    const words = placeWords(place);
    return place.kind === "pool" && named(pools, place.name) ? el("a", { href: "#" + cockpit.location.encode(["pool", place.name]), class: "name" }, words) : words;
}

function checksCard(checks) {
    return checks.length ? card("Checks", checks.map(check => finding({ ...check, severity: check.verdict }))) : null;
}
