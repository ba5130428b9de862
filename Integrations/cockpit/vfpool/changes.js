// The dialogs of each command: what can be wanted, and the command of it.
import { changeDialog } from "./dialog.js";
import { commandWords } from "./host.js";
import { nameFor, placeWords } from "./words.js";

const guestName = guest => nameFor(guest.name, guest.configuration.uuid);
const poolName = pool => nameFor(pool.name, pool.configuration.uuid);
const pfName = pf => nameFor(pf.name, pf.address);
const option = (name, value) => value ? `--${name}=${value}` : null;
const flag = (name, value) => value ? `--${name}` : null;
const byUUID = (list, uuid) => list.find(one => one.configuration.uuid === uuid);

const number = { pattern: "[0-9]*" };
const live = guests => guests.some(guest => guest.status.active) ? [{
    name: "live", kind: "check", label: "Now, while the guest runs", help: "By hot-unplug and hot-plug, which cuts its link for a moment. Else at its next start.",
}] : [];

const settings = [
    { name: "trust", kind: "select", label: "Trust", options: choices("on", "off"), help: "Trusted, the guest may change its MAC and use promiscuous mode." },
    { name: "spoof-check", kind: "select", label: "Spoof check", options: choices("on", "off"), help: "Drop packets that the guest sends from another MAC." },
    { name: "max-rate", kind: "text", label: "Maximum rate, in Mbit/s", pattern: "[0-9]*|default", help: "0: no limit; default: no longer set." },
    { name: "min-rate", kind: "text", label: "Minimum rate, in Mbit/s", pattern: "[0-9]*|default" },
    { name: "link-state", kind: "select", label: "Link", options: choices("auto", "enable", "disable") },
    { name: "vlan-qos", kind: "select", label: "VLAN priority", options: choices("0", "1", "2", "3", "4", "5", "6", "7") },
    { name: "vlan-protocol", kind: "select", label: "VLAN protocol", options: choices("802.1Q", "802.1ad") },
];

function choices(...words) {
    return [["", "as it is"], ...words.map(word => [word, word]), ["default", "no longer set"]];
}

function interfaces(guest, first) {
    return [["", first], ...guest.interfaces.filter(one => one.index !== null).map(one =>
        [String(one.index), [one.index, one.mac, placeWords(one.configuration)].filter(word => word !== null && word !== "").join(" · ")])];
}

export function create(status, pf) {
    const able = status.ports.filter(one => one.configuration.possibleVFs !== 0);
    return changeDialog({
        title: "Create pool",
        about: "A pool hands out a PF's VFs to guests, any free one to each. VFs that somebody has stay with them.",
        form: [
            { name: "pfs", kind: "checks", label: "PFs", value: pf ? [pf.address] : [], options: able.map(one =>
                [one.address, `${one.name} (${one.address}), ${one.configuration.enabledVFs} of ${one.configuration.possibleVFs ?? "?"} VFs enabled`]) },
            { name: "name", kind: "text", label: "Name", help: "Else vfpool- and the PF's netdev." },
            { name: "count", kind: "text", label: "Number of VFs to enable", ...number, help: "Only possible while nobody has a VF of the PF; empty: as it is." },
            { name: "persist", kind: "check", label: "Create the VFs at every boot, before libvirt starts" },
            { name: "vfs", kind: "text", label: "Only these VFs", help: "Indices, such as 4-7,9; empty: all of them." },
            { name: "vlan", kind: "text", label: "VLAN", ...number },
            { name: "portgroup", kind: "text", label: "Portgroup", help: "As name:vlan=50, or name:vlan=50:default." },
        ],
        words: values => commandWords("create", [
            option("name", values.name), option("vfs-count", values.count), flag("persist", values.persist), option("vfs", values.vfs),
            option("vlan", values.vlan), option("portgroup", values.portgroup),
        ], values.pfs.map(address => pfName(able.find(one => one.address === address)))),
    });
}

function guestField(guests, guest) {
    return guest ? [] : [{
        name: "guest", kind: "select", label: "Guest",
        options: guests.map(one => [one.configuration.uuid, one.status.active ? `${one.name} (running)` : one.name]),
    }];
}

export function bind(status, { guest = null, pool = null }) {
    const chosen = values => guest ?? byUUID(status.guests, values.guest);
    const adds = values => values.interface === "add";
    return changeDialog({
        title: guest ? `Bind guest ${guest.name}` : "Bind guest",
        about: "Point a guest's interface at a pool: it then gets any free VF at its start. It keeps its MAC.",
        form: [
            ...guestField(status.guests, guest),
            { name: "pool", kind: "select", label: "Pool", value: pool?.configuration.uuid ?? "",
              options: [["", "that of the VF it has"], ...status.pools.map(one => [one.configuration.uuid, one.name])] },
            { name: "interface", kind: "select", label: "Interface",
              options: [...(guest ? interfaces(guest, "every pinned VF of the pool's PF") : [["", "every pinned VF of the pool's PF"]]), ["add", "add one"]] },
            { name: "mac", kind: "text", label: "MAC", help: "Of an interface that is added, or whose MAC can't be known.", pattern: "([0-9A-Fa-f]{2}[:.\\-]?){5}[0-9A-Fa-f]{2}" },
            { name: "vlan", kind: "text", label: "VLAN", ...number },
            { name: "portgroup", kind: "text", label: "Portgroup" },
            { name: "failover", kind: "text", label: "Failover network or bridge", help: "Makes a pair with a virtio card there, for live migration." },
            ...live(guest ? [guest] : status.guests),
        ],
        words: values => commandWords("bind", [
            option("pool", values.pool && poolName(byUUID(status.pools, values.pool))),
            adds(values) ? "--add" : option("interface", values.interface), option("mac", values.mac), option("vlan", values.vlan),
            option("portgroup", values.portgroup), option("failover", values.failover), flag("live", values.live),
        ], [guestName(chosen(values))]),
    });
}

export function migrate(status, guest) {
    return changeDialog({
        title: guest ? `Migrate guest ${guest.name}` : "Migrate guests",
        about: "Turn pinned VFs into pool interfaces. A running guest keeps its VF until it stops. This moves no guest to another host.",
        form: [
            ...guest ? [] : [{ name: "pf", kind: "select", label: "VFs of", options: [["", "all PFs"], ...status.ports.map(one => [one.address, `${one.name} (${one.address})`])] }],
            { name: "pools", kind: "check", label: "Create the pools that are missing" },
            { name: "macvtap", kind: "check", label: "Convert macvtaps over a VF, too", help: "The guest then sees another kind of card." },
            ...live(guest ? [guest] : status.guests),
        ],
        words: values => commandWords("migrate", [
            guest ? null : "--all", option("pf", values.pf && pfName(status.ports.find(one => one.address === values.pf))), flag("create-pools", values.pools),
            flag("include-macvtap", values.macvtap), flag("live", values.live),
        ], guest ? [guestName(guest)] : []),
    });
}

export function unbind(guest) {
    const to = kind => values => values.to === kind;
    return changeDialog({
        title: `Unbind guest ${guest.name}`,
        about: "Point an interface back, or elsewhere. Its MAC stays.",
        form: [
            { name: "interface", kind: "select", label: "Interface", options: interfaces(guest, "every one on a pool") },
            { name: "to", kind: "select", label: "To", options: [
                ["", "what it was before it was bound"], ["network", "a libvirt network"], ["bridge", "a bridge of the host"], ["vf", "a pinned VF"]] },
            { name: "network", kind: "text", label: "Network", required: true, when: to("network") },
            { name: "bridge", kind: "text", label: "Bridge", required: true, when: to("bridge") },
            { name: "vf", kind: "text", label: "VF", required: true, when: to("vf"), help: "Its PCI address, or as eth3:0." },
            ...live([guest]),
        ],
        words: values => commandWords("unbind", [
            option("interface", values.interface), option("to-network", values.network), option("to-bridge", values.bridge), option("to-vf", values.vf),
            flag("live", values.live),
        ], [guestName(guest)]),
    });
}

function settingOptions(values) {
    return settings.map(({ name }) => option(name, values[name]));
}

export function setPool(pool) {
    const groups = pool.configuration.portgroups;
    return changeDialog({
        title: `Set VF options of pool ${pool.name}`,
        about: "What libvirt itself cannot set. vfpool's hook applies it whenever a guest gets a VF.",
        form: [
            ...groups.length ? [{ name: "group", kind: "select", label: "Of", options: [["", "the whole pool"], ...groups.map(one => [one.name, `portgroup ${one.name}`])] }] : [],
            ...settings,
        ],
        words: values => commandWords("set", settingOptions(values), [poolName(pool) + (values.group ? `:${values.group}` : "")]),
    });
}

export function setGuest(guest) {
    return changeDialog({
        title: `Set VF options of guest ${guest.name}`,
        about: "What libvirt itself cannot set. It overrides the pool's, and is applied at the guest's next start.",
        form: [{ name: "interface", kind: "select", label: "Interface", options: interfaces(guest, "all on pools") }, ...settings],
        words: values => commandWords("set", [option("interface", values.interface), ...settingOptions(values)], [guestName(guest)]),
    });
}

export function remove(pool) {
    return changeDialog({ title: `Delete pool ${pool.name}`, words: () => commandWords("delete", [], [poolName(pool)]) });
}

/** `id`: a change's name; without it the last one. */
export function undo(id) {
    return changeDialog({ title: id ? `Undo change ${id}` : "Undo the last change", words: () => commandWords("undo", [], id ? [id] : []) });
}
