// The host: its picture, findings, pools, PFs and guests.
import { bind, create, migrate } from "./changes.js";
import { badge, card, el, field, finding, link, table } from "./dom.js";
import { picture, read } from "./host.js";
import { countWords, placeWords } from "./words.js";

export const overview = {
    async read() {
        const [status, svg] = await Promise.all([read("status"), picture().catch(() => null)]);
        return { status, svg };
    },

    show({ status, svg }, path, context) {
        const { pools, ports, guests, findings } = status;
        return [
            el("div", { class: "title" }, el("h1", {}, "VF pools"), el("div", { class: "actions" },
                context.act("Create pool", () => create(status, null), { kind: "primary" }),
                context.act("Bind guest", () => bind(status, {})),
                context.act("Migrate guests", () => migrate(status, null)))),
            svg ? card("Picture", drawing(svg, status)) : null,
            findings.length ? card("Findings", findings.map(finding)) : null,
            card("Pools", table("Pools", ["Pool", "PF", "State", "VFs", "VLAN", "Guests"], pools.map(poolRow), "There is no pool yet.")),
            card("PFs", table("PFs", ["PF", "Address", "Link", "Driver", "Enabled VFs", "Pool"], ports.map(one => pfRow(one, status, context)),
                              "There is no PF: no card of this host has SR-IOV.")),
            card("Guests", table("Guests", ["Guest", "State", "Interfaces", "Next start"], guests.map(guestRow), "There is no guest.")),
        ];
    },
};

/** An image, whose parts are in the tables below it. Nothing in it can run, nor load anything. */
export function drawing(svg, { pools, ports, guests }) {
    return el("div", { class: "picture", tabindex: "0", role: "group", "aria-label": "Picture, may be wider than the window" }, el("img", {
        src: "data:image/svg+xml;charset=utf-8," + encodeURIComponent(svg),
        alt: `${ports.length} PFs, ${pools.length} pools and ${guests.length} guests, and how they are joined; the tables below say the same`,
    }));
}

export function state(pool) {
    return [badge(pool.status.active ? "active" : "inactive"), pool.configuration.autostart ? " starts at boot" : " not started at boot"];
}

export function running(guest) {
    return badge(guest.status.active ? "running" : "shut off", guest.status.active ? "active" : "inactive");
}

function poolRow(pool) {
    const { configuration, status } = pool;
    const pfs = configuration.pfs.map(one => one.name ?? one.address).join(", ");
    return [
        link(pool.name, "pool", pool.name), pfs || field(pool, "pf"), state(pool),
        status.counts ? countWords(status.counts) : field(pool, "counts", null), field(pool, "vlan", configuration.vlan),
        status.guests.length ? status.guests.map((name, index) => [index ? ", " : "", link(name, "guest", name)]) : field(pool, "guests", null),
    ];
}

function pfRow(pf, status, context) {
    const { configuration } = pf;
    const link_ = pf.status.up === null ? field(pf, "up", null) : pf.status.up ? (pf.status.carrier === false ? "up, no carrier" : "up") : badge("down", "warn");
    return [
        link(pf.name, "pf", pf.address), pf.address, link_, field(pf, "driver", pf.status.driver),
        `${configuration.enabledVFs} of ${configuration.possibleVFs ?? "?"}`,
        configuration.pools.length ? configuration.pools.map((name, index) => [index ? ", " : "", link(name, "pool", name)])
            : context.act("Create pool", () => create(status, pf), { key: `create ${pf.address}`, "aria-label": `Create pool on ${pf.name}` }),
    ];
}

function guestRow(guest) {
    const now = guest.interfaces.map(one => el("div", {}, placeWords(one.status ?? one.configuration), one.mac ? ` · ${one.mac}` : ""));
    const next = guest.interfaces.filter(one => one.pending).map(one => el("div", {}, placeWords(one.configuration) || "none"));
    return [link(guest.name, "guest", guest.name), running(guest), now.length ? now : field(guest, "interfaces", null), next.length ? next : "—"];
}
