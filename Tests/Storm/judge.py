"""What must hold after every step of a storm. Each rule is one that a self-test breaks (breaks.py)."""
import difflib
import os
import re
from dataclasses import dataclass, field

from host import HERE
from picture import nics, pair

STATUSES = {0, 1, 2, 3, 4, 5, 6, 64, 130}
RULES = {
    "hang": "every command ends within its time",
    "crash": "vfpool ends by no signal but one that it was sent",
    "exit-status": "vfpool ends with a documented status",
    "error-form": "an error in JSON has a documented code, a message, cause and hints; stdout is empty",
    "guest-lost": "every guest that was there is there, unless virsh undefined it",
    "mac": "each guest keeps its MACs; a VF has the MAC of the interface that has it",
    "two-holders": "no VF is had by two running guests",
    "pinned-twice": "vfpool pins no VF that another guest has pinned, but for one that a guest gets back, and says so",
    "protected": "after a change or reconcile, no pool hands out a VF that is held elsewhere, now or at its next start",
    "start": "a guest that should be able to start does",
    "named": "doctor names a guest that does not start, its pool or its PF",
    "unchanged": "what failed with status 1, or was only shown, has changed nothing",
    "journal": "what was done is in the journal as done, and nothing else was; what was cut short is open there",
    "undo": "undo leads back, byte for byte, or refuses",
    "recover": "after a change that was cut short, undo leads back",
    "doctor": "doctor finds no failure that no step explains",
    "settled": "reconcile leaves nothing for a second reconcile",
    "status": "status names the guests that have VFs",
    "spec": "what export prints, diff finds to be so",
}


# Checks of doctor that say why a guest does not start, and the verdicts by which they do. That a pool is used up is only noted.
OF_STARTS = {
    **dict.fromkeys(("two-claims", "pins-outside", "guest-network", "pool", "pool-active", "pool-settings", "pool-pf", "pool-stale",
                     "pool-overlap", "vf-protected", "vfs-counted", "vfs-enabled", "pf-up", "iommu", "vfio"), ("warn", "fail")),
    **dict.fromkeys(("pool-full", "capacity"), ("note", "warn", "fail")),
}


class Violation(Exception):
    def __init__(self, rule, text, command=None):
        assert rule in RULES, rule
        super().__init__(f"{rule}: {RULES[rule]}\n{text}")
        self.rule, self.command = rule, command


def codes():
    """Those of errors, from the catalogue that the pages are made of."""
    with open(os.path.join(HERE, "..", "..", "templates", "codes.txt"), encoding="utf-8") as file:
        rows = [re.match(r"([a-z0-9-]+) \| ([a-z]+) \|", line) for line in file]
    return {row.group(1) for row in rows if row and "e" in row.group(2)}


CODES = codes()


def difference(before, after):
    """Of two dictionaries of texts, as a diff."""
    out = []
    for key in sorted({*before, *after}):
        old, new = before.get(key), after.get(key)
        if old != new:
            out += [f"== {key}", *difflib.unified_diff((old or "").splitlines(), (new or "").splitlines(), "before", "after", lineterm="", n=1)]
    return "\n".join(out)


@dataclass
class Step:
    """What a step did, and what it may have changed beside what vfpool says."""
    text: str
    results: list = field(default_factory=list)
    may_add: dict = field(default_factory=dict)      # guest → MACs
    may_remove: dict = field(default_factory=dict)
    lost: set = field(default_factory=set)           # names of guests that virsh undefined
    by_others: bool = False                          # virsh or the rig changed documents, networks or guests in it
    pinned: set = field(default_factory=set)         # VFs that virsh pinned
    beside: bool = False                             # two vfpools at once: whose effect is whose is not told apart


def answered(result, sent=()):
    """Of every command of vfpool's: it ended, in time, as documented."""
    if result.hung:
        raise Violation("hang", f"{result}: did not end", result)
    if result.status < 0:
        if -result.status not in sent:
            raise Violation("crash", f"{result}\n{result.err[-2000:]}", result)
        return
    if result.status not in STATUSES:
        raise Violation("exit-status", f"{result}\n{result.err[-2000:]}", result)
    if result.status in (0, 2) or "json" not in result.words:
        return
    error = result.error()
    if error is None or set(error) != {"code", "message", "cause", "hints"}:
        raise Violation("error-form", f"{result}: no error of the documented form at the end of\n{result.err[-2000:]}", result)
    if error["code"] not in CODES or not error["message"] or not isinstance(error["hints"], list):
        raise Violation("error-form", f"{result}: {error}", result)
    # Of what was done in part, stdout says what.
    if result.out.strip() and not ("changed" in (result.document() or {}) and {"reconcile", "apply"} & set(result.words)):
        raise Violation("error-form", f"{result}: stdout is not empty: {result.out[:500]}", result)


class Judge:
    """Keeps what is known from the steps before: MACs of plain hostdevs, what explains failures."""

    def __init__(self, plain):
        self.plain = plain            # guest → MAC of its plain <hostdev>
        self.forgot = False           # libvirt was reloaded: it hands out VFs that are in use until it is restarted
        self.dirty = False            # since the last change or reconcile others changed who holds what
        self.shared = set()           # VFs that are pinned twice: virsh did, or a guest got back what it had, which vfpool warned of
        self.had = set()              # (guest, VF): what guests had pinned once
        self.explained = set()        # checks of doctor that steps made fail
        self.down = set()             # PFs whose link is down

    def macs(self, guest):
        return guest.macs(self.plain.get(guest.name))

    def of_its_vf(self, before, guest):
        """What a guest's plain hostdev is known by since a reboot: the MAC that its VF has, unless that is another guest's."""
        if guest.name in self.plain:
            return set()
        vfs = before.vfs()
        own = {vfs[nic.vf]["mac"] for nic in nics(guest.document) if nic.kind == "plain" and nic.vf in vfs}
        return own.difference(*(other.macs() for other in before.guests.values() if other.uuid != guest.uuid))

    # After each step.

    def step(self, before, after, step):
        self.guests(before, after, step)
        self.macs_on_vfs(after)
        self.single_holders(after)
        self.pins(before, after, step)

    def guests(self, before, after, step):
        for uuid, guest in before.guests.items():
            if uuid not in after.guests:
                if guest.name in step.lost:
                    continue
                raise Violation("guest-lost", f"guest {guest.name} is gone")
            old, new = self.macs(guest), self.macs(after.guests[uuid])
            # Back on a plain hostdev, whose document names no MAC, it keeps the one that this VF has.
            lost = old - new - step.may_remove.get(guest.name, set()) - self.of_its_vf(after, after.guests[uuid])
            plain = [sum(nic.kind == "plain" for nic in nics(taken.guests[uuid].document)) for taken in (before, after)]
            if plain[0] < plain[1]:
                # What was set of this VF through its PF is gone since a reboot.
                lost = {mac for mac in lost if not warned(step, "plain-hostdev", guest.name, mac)}
            got = new - old - step.may_add.get(guest.name, set()) - self.of_its_vf(before, guest)
            if lost or got:
                text = difference({"document": guest.document}, {"document": after.guests[uuid].document})
                raise Violation("mac", f"guest {guest.name}: lost {sorted(lost)}, got {sorted(got)}\n{text}")

    @staticmethod
    def macs_on_vfs(after):
        vfs = after.vfs()
        for guest in after.guests.values():
            for address, mac in guest.has().items():
                if mac and address in vfs and vfs[address]["mac"] != mac:
                    raise Violation("mac", f"VF {address}, which guest {guest.name} has with {mac}, has {vfs[address]['mac']}")

    @staticmethod
    def single_holders(after):
        found = {}
        for guest in after.guests.values():
            for address in guest.has():
                found.setdefault(address, set()).add(guest.name)
        for address, names in [*found.items(), *after.holders.items()]:
            if len(names) > 1:
                raise Violation("two-holders", f"VF {address}: {', '.join(sorted(names))}")

    def pins(self, before, after, step):
        was = before.pinned()
        self.had |= {(name, address) for address, names in was.items() for name in names}
        for address, names in after.pinned().items():
            if len(names) > 1 and set(names) - set(was.get(address, [])):
                back = all((name, address) in self.had for name in set(names) - set(was.get(address, [])))
                if address in step.pinned or address in self.shared or (back and warned(step, "shared-pin", address)):
                    self.shared.add(address)
                    continue
                raise Violation("pinned-twice", f"VF {address} is pinned by {', '.join(names)}")

    def protected(self, after):
        """After a change or reconcile that succeeded, with nothing in between."""
        pinned = after.pinned()
        held = {address: list(names) for address, names in pinned.items()}
        for guest in after.guests.values():
            for address in guest.has():
                held.setdefault(address, []).append(guest.name)
        for network in after.pools(managed=True):
            if network.active:
                for address in set(network.listed(live=True)) & set(held):
                    if address not in network.ports:
                        raise Violation("protected", f"running pool {network.name} would hand out {address}, which {held[address]} holds")
            if not network.persistent:
                continue
            listed = network.listed(live=False)
            own = after.vfs(network.pf()) if listed is None else listed
            for address in set(own) & set(pinned):
                raise Violation("protected", f"at its next start pool {network.name} would hand out {address}, which {pinned[address]} has pinned")

    # Of a change.

    def unchanged(self, before, after, result):
        old, new = pair(before, after, "facts")
        if old != new:
            raise Violation("unchanged", f"{result}\n{result.err[-1500:]}\n{difference(old, new)}", result)

    def told(self, before, after, results, name=None):
        """What changed is in the journal, in changes that are new, as done or as open; `name`: the change that was done."""
        new = [change for id, change in after.changes.items() if id not in before.changes]
        # One that was resumed or undone may be written on.
        new += [c for id, c in after.changes.items() if id in before.changes and len(c.lines) != len(before.changes[id].lines)]
        said = "; ".join(map(str, results))
        if name is not None:
            change = after.changes.get(name)
            if change is None:
                raise Violation("journal", f"{said}: its change {name} is not in the journal")
            if change.result != "done":
                raise Violation("journal", f"{said}: its change {name} is {change.result} in the journal")
            self.is_there(after, change, said)
        steps = [(change, step) for change in new for step in change.steps if change.progress(step["number"])]
        old, now = pair(before, after)
        for key in sorted({*old, *now}):
            if old.get(key) == now.get(key):
                continue
            kinds = ("defineGuest",) if key.startswith("guest ") else ("defineNetwork", "undefineNetwork")
            if not any(step["kind"] in kinds and f"{key.split(' ')[0]} {step['name']}" == key for _, step in steps):
                text = difference({key: old.get(key) or ""}, {key: now.get(key) or ""})
                raise Violation("journal", f"{said}: {key} was changed, and no step in the journal did\n{text}")
        for change, step in steps:
            # What is told to be put back or done is so.
            if step["kind"] == "defineGuest" and change.result == "reverted" and change.progress(step["number"]) == "finished":
                raise Violation("journal", f"{said}: change {change.id} was put back, but its step {step['number']} stands as done")

    @staticmethod
    def is_there(after, change, said):
        """The documents that a change that is done has written are those that are there."""
        last = {}
        for step in change.steps:
            if change.progress(step["number"]) != "finished":
                raise Violation("journal", f"{said}: change {change.id} is done, its step {step['number']} {change.progress(step['number'])}")
            if step["kind"] in ("defineGuest", "defineNetwork", "undefineNetwork"):
                last[step["kind"].removeprefix("un").removeprefix("define"), step["name"]] = step
        for (kind, name), step in last.items():
            thing = after.guest(name) if kind == "Guest" else after.networks.get(name)
            if step["kind"] == "undefineNetwork":
                if thing:
                    raise Violation("journal", f"{said}: the journal says that {name} was removed, and it is there")
                continue
            if kind != "Guest" and ("Network", name) not in last and thing is None:
                continue
            stored = change.text(step, "stored")
            if thing is None or stored is None or thing.document.strip() != stored.strip():
                text = difference({name: stored or ""}, {name: thing.document if thing else ""})
                raise Violation("journal", f"{said}: the document of {name} is not what change {change.id} says to have stored\n{text}")

    def open(self, before, after, results, log):
        """A change that was cut short: where anything was changed it stands as open, and `log` says so."""
        self.told(before, after, results)
        new = [change for id, change in after.changes.items() if id not in before.changes]
        old, now = pair(before, after, "facts")
        if old != now and not new:
            raise Violation("journal", f"{results[-1]}: something was changed, and the journal has no change\n{difference(old, now)}", results[-1])
        listed = {entry["id"]: entry["result"] for entry in (log.document() or {"changes": []})["changes"]}
        for change in new:
            wanted = change.result or "unfinished"
            if listed.get(change.id) != wanted:
                raise Violation("journal", f"{log}: change {change.id} is {wanted} in its file, log says {listed.get(change.id)}", log)

    # Starts.

    def obstacle(self, picture, guest):
        """Why a guest that is off can't start, by what libvirt and the kernel have; None: it should."""
        vfs, taken, wanted = picture.vfs(), picture.holders, {}
        down = {address for pf in self.down for address in picture.vfs(pf)}
        for nic in nics(guest.document):
            if nic.vf:
                if nic.vf not in vfs:
                    return f"there is no VF {nic.vf}"
                if nic.vf in down:
                    return f"the PF of VF {nic.vf} is down"
                if nic.vf in taken:
                    return f"VF {nic.vf} is had by {taken[nic.vf]}"
            elif nic.kind == "network":
                wanted[nic.network] = wanted.get(nic.network, 0) + 1
        pins = {nic.vf for nic in nics(guest.document)}
        for name, count in wanted.items():
            network = picture.networks.get(name)
            if network is None:
                return f"there is no network {name}"
            if not network.active:
                return f"network {name} is not active"
            if not network.is_pool:
                continue
            if self.forgot:
                return "libvirt has forgotten which VFs are taken"
            left = [a for a in network.listed(live=True) if a not in network.ports]
            if len(left) < count:
                return f"pool {name} has no VF left"
            first = left[:count]
            if any(a in down for a in first):
                return f"the PF of pool {name} is down"
            if any(a not in vfs for a in first):
                return f"pool {name} hands out VFs that are not there"
            if (self.dirty or not network.is_managed) and any(a in taken or a in pins or a in picture.pinned() for a in first):
                return f"pool {name} hands out a VF that is held elsewhere, since something else than vfpool changed"
        return None

    def started(self, picture, guest, result):
        """Whether it did, as it should. A failure that has a reason is none of vfpool's."""
        if result.status == 0:
            return True
        reason = self.obstacle(picture, guest)
        if reason is None:
            raise Violation("start", f"guest {guest.name} does not start: {result.err.strip()}", result)
        return False

    @staticmethod
    def named(picture, guest, result, found):
        """Of a guest that did not start: what doctor had found just before is about it, or about a pool or a PF of its."""
        its = {nic.network for nic in nics(guest.document) if nic.network}
        pinned = {nic.vf for nic in nics(guest.document) if nic.vf}
        pfs = {port["address"] for port in picture.pfs.values() if pinned & {vf["address"] for vf in port["vfs"]}}
        if not any(guest.name in check["guests"] or its & set(check["pools"]) or pfs & set(check["ports"])
                   for check in (found.document() or {"checks": []})["checks"]
                   if check["verdict"] in OF_STARTS.get(check["check"], ())):
            raise Violation("named", f"guest {guest.name} does not start: {result.err.strip()}\n{found}\n{found.out}", found)


def warned(step, code, *words):
    """Whether a vfpool of this step warned so. What failed or was killed prints no plan."""
    for result in step.results:
        plan = (result.document() or {}).get("plan") or {}
        if result.words[0] == "vfpool" and (result.status != 0 or any(
                warning["code"] == code and all(word in warning["message"] for word in words) for warning in plan.get("warnings", []))):
            return True
    return False


def failures(result):
    """The checks of doctor that fail: (check, message)."""
    return [(check["check"], check["message"]) for check in (result.document() or {"checks": []})["checks"] if check["verdict"] == "fail"]
