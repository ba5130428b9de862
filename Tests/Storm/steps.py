"""The random steps of a storm. All that is random comes from the seed and the step's number; what a step can choose from is what
the picture before it shows."""
import json
import random
import signal
import time
import xml.etree.ElementTree as tree

import judge
import picture
from host import DOCUMENTS, STATE
from judge import Step, Violation

PLAIN = "52:54:00:00:00:03"  # set on the VF of vm3's plain <hostdev>
HOST = {
    "pfs": [
        {"name": "eth3", "vfs": 6, "total": 8, "adminMACs": {"2": PLAIN}},
        {"name": "eth4", "vfs": 4, "total": 8},
    ],
    "networks": [{"name": "lan", "bridge": "br0", "autostart": True}],
    "guests": [
        {"name": "vm1", "nics": [
            {"attached": "pinned", "pf": "eth3", "vf": 0, "mac": "52:54:00:00:00:01"},
            {"attached": "bridge", "bridge": "br0", "mac": "52:54:00:00:01:01"}]},
        {"name": "vm2", "autostart": True, "nics": [
            {"attached": "pinned", "pf": "eth3", "vf": 1, "mac": "52:54:00:00:00:02", "inside": "<vlan><tag id='42'/></vlan>"}]},
        {"name": "vm3", "nics": [{"attached": "hostdev", "pf": "eth3", "vf": 2}]},
        {"name": "vm4", "nics": [{"attached": "bridge", "bridge": "br0", "mac": "52:54:00:00:00:04"}]},
        {"name": "vm5", "nics": [
            {"attached": "pinned", "pf": "eth4", "vf": 0, "mac": "52:54:00:00:00:05"},
            {"attached": "pinned", "pf": "eth3", "vf": 3, "mac": "52:54:00:00:01:05"}]},
        {"name": "vm6", "nics": [{"attached": "network", "network": "lan", "mac": "52:54:00:00:00:06"}]},
    ],
}
SETTINGS = [
    ("--trust", ("on", "off", "default")), ("--spoof-check", ("on", "off", "default")), ("--max-rate", ("1000", "200", "0", "default")),
    ("--link-state", ("auto", "enable", "disable", "default")),
]
# libvirt's own disk full, by KiB left: a network whose document it could not write turns transient, or is forgotten.
FULL_DOCUMENTS = ((DOCUMENTS, 0), (DOCUMENTS, 4))
# What doctor finds wrong because of what a step did, and not because of vfpool.
EXPLAINED = {
    "pf-up", "pf-carrier", "two-claims", "guest-network", "vfs-counted", "autostart", "capacity", "pins-outside", "kvm", "pool-overlap",
    "pool-full", "pool-active",
}


def upkeep(taken, name):
    """Whether a change brought pools in line with who holds what, which no undo takes back."""
    return name in taken.changes and any(step.get("isUpkeep") and step["kind"] == "defineNetwork" for step in taken.changes[name].steps)


class Storm:
    """One seed's run on one host."""

    def __init__(self, host, seed, log):
        self.host, self.seed, self.log = host, seed, log
        self.judge = judge.Judge({"vm3": PLAIN})
        self.before = None
        self.number = 0
        self.answers = {}     # verb → how many answers of libvirt's it took when last counted
        self.lines = {}
        self.past = []        # changes that can be undone: (id, picture before, picture after, step's number, whether it began dirty)
        self.removed = {}     # guests that virsh undefined, by name
        self.cut_off = set()  # running guests whose pool virsh stopped
        self.counter = 0

    # One step.

    def begin(self):
        self.bridge()
        self.host.vfpool(["hook", "install", "--yes"])
        self.host.daemon("restart")
        for name in ("vm1", "vm5"):
            self.host.virsh("start", name)
        self.before = picture.take(self.host)

    def bridge(self):
        self.host.shell("ip link add br0 type bridge 2>/dev/null; ip link set br0 up")
        if self.before and not self.before.networks["lan"].active:
            self.host.virsh("net-start lan")

    def go(self, number, kind=None):
        self.number = number
        self.random = random.Random(f"{self.seed}:{number}")
        kind = kind or self.random.choices(list(STEPS), [weight for weight, _ in STEPS.values()])[0]
        self.step = Step(kind)
        try:
            STEPS[kind][1](self)
        finally:
            self.log(number, self.step)
        self.settle()
        self.step = None

    def settle(self):
        """What holds after every step."""
        after = picture.take(self.host)
        self.after = after
        self.judge.step(self.before, after, self.step)
        self.before = after

    def choose(self, *items):
        return self.random.choice(items)

    def chance(self, share):
        return self.random.random() < share

    def names(self, running=None):
        return sorted(g.name for g in self.before.guests.values() if running in (None, g.running))

    def some(self, names, most=3):
        return sorted(self.random.sample(names, min(len(names), self.random.randint(1, most)))) if names else []

    def pools(self):
        return sorted(network.name for network in self.before.pools())

    def new_mac(self):
        self.counter += 1
        return f"52:54:00:99:{self.counter >> 8:02x}:{self.counter & 255:02x}"

    # Commands.

    def vfpool(self, words, environment=None, text=""):
        """One that only reads, or whose effect the step itself judges."""
        result = self.host.vfpool([*words, "--format", "json"], environment, text)
        self.step.results.append(result)
        judge.answered(result)
        return result

    def virsh(self, *words, text=""):
        result = self.host.virsh(*words, text=text)
        self.step.results.append(result)
        if result.hung:
            raise Violation("hang", f"{result}: libvirt gives no answer", result)
        return result

    def ended(self, result, names):
        """Where virsh had stopped the pool of a running guest, and the daemon was restarted then, libvirt 9.0 frees what it knows of the
        guest's VF twice when the guest stops or lets go of it, which may end the daemon. It is then started again."""
        if not result.status or "End of file" not in result.err or not self.cut_off & set(names):
            return False
        self.step.text += " (ends libvirt's daemon)"
        self.host.daemon("start")
        self.judge.forgot = False
        return True

    def destroy(self, name):
        result = self.virsh("destroy", name)
        if self.ended(result, [name]) and picture.take(self.host).guest(name).running:
            result = self.virsh("destroy", name)
        self.cut_off.discard(name)
        return result

    def change(self, words, text="", **options):
        """A command that changes something, undisturbed or not, and what must hold of it."""
        words = [*words, "--yes", "--format", "json"]
        way = options.pop("way", None) or self.random.choices(
            ["plain", "kill", "kill-line", "full-line", "signal", "cut", "daemon", "freeze", "full", "clock", "two"],
            [55, 8, 6, 3, 4, 4, 4, 2, 4, 4, 4])[0]
        self.step.text += f" {words[0]} {way}"
        before = picture.take(self.host)
        result = getattr(self, "way_" + way.replace("-", "_"))(words, text)
        if "--live" in words and way == "plain":
            self.ended(result, self.cut_off)
        after = picture.take(self.host)
        self.judged(words, before, after, result, way)
        return result

    def judged(self, words, before, after, result, way):
        document = result.document() or {}
        name = document.get("change") if document.get("changed") else None
        dirty = self.judge.dirty
        if way == "two":
            self.judge.dirty = self.judge.dirty or result.status != 0
            return
        killed = result.status == -signal.SIGKILL
        if killed or result.status in (3, 5, 130):
            log = self.vfpool(["log"])
            self.judge.open(before, after, [result], log)
            if before.facts() != after.facts():
                self.judge.dirty = True
            if (killed or result.status == 3) and self.chance(0.6):
                self.recover(before, after, result, dirty)
        elif result.status == 0:
            self.judge.told(before, after, [result], name)
            old, new = picture.pair(before, after)
            if name is None and old != new:
                raise Violation("journal", f"{result}: says that nothing was changed\n{judge.difference(old, new)}", result)
            # What changes who has a VF brings pools in line with all that is held; an apply need not: it may change no more than a VLAN.
            moved = [key for key in {*old, *new} if old.get(key) != new.get(key)
                     and (key.startswith("guest ") or key not in old or key not in new)]
            # A resize follows up in the pools of its PF only.
            if words[0] == "reconcile" or (name and words[0] in ("create", "bind", "unbind", "migrate", "resize", "apply", "undo")
                                           and (words[0] != "apply" or moved) and (words[0] != "resize" or not dirty)):
                self.judge.dirty = False
                if not self.judge.forgot:
                    self.judge.protected(after)
            if name and words[0] not in ("undo", "reconcile"):
                self.past.append((name, before, after, self.number, dirty or upkeep(after, name)))
        elif result.status == 1 and words[0] != "reconcile" and "--partial" not in words:
            self.judge.unchanged(before, after, result)

    def recover(self, before, after, result, dirty):
        """Out of a change that was killed: undo puts back what was there."""
        new = [id for id in after.changes if id not in before.changes]
        if not new:
            return
        undone = self.vfpool(["undo", new[-1], "--yes"])
        now = picture.take(self.host)
        error = undone.error() or {}
        if undone.status == 1 and self.judge.down and "--live" in result.words:
            return  # a VF of a PF that is down can't be plugged again
        if undone.status and error.get("code") != "nothing-to-undo":
            raise Violation("recover", f"{result}\n{undone}: {undone.err}", undone)
        old, new = picture.pair(before, now, dirty=dirty or upkeep(after, new[-1]))
        if old != new:
            raise Violation("recover", f"{result}\n{undone}\n{judge.difference(old, new)}", undone)
        self.judge.dirty = True

    # Ways to disturb one. Each returns the result.

    def kept(self, result, sent=()):
        self.step.results.append(result)
        judge.answered(result, sent)
        return result

    def way_plain(self, words, text):
        return self.kept(self.host.vfpool(words, text=text))

    def at_answer(self, words, text, act, how, sent=(), environment=None):
        most = self.answers.get(words[0], 60)
        answer = self.random.randint(max(1, most // 4), most + 1) if self.chance(0.8) else self.random.randint(1, most)
        result, held, answers = self.host.at_answer(words, answer, act, how, environment, text)
        if not held:
            self.answers[words[0]] = answers
        return self.kept(result, sent)

    def way_kill(self, words, text):
        return self.at_answer(words, text, lambda running, link: running.signal(signal.SIGKILL), "killed", (signal.SIGKILL,))

    def way_kill_line(self, words, text):
        most = self.lines.get(words[0], 8)
        line = self.random.randint(1, most)
        result = self.host.at_line(words, line, "signal=KILL", "killed", text=text)
        if result.status == 0:
            self.lines[words[0]] = max(1, line - 1)
        else:
            self.lines[words[0]] = max(most, line + 2)
        return self.kept(result, (signal.SIGKILL,))

    def way_full_line(self, words, text):
        line = self.random.randint(1, self.lines.get(words[0], 8))
        return self.kept(self.host.at_line(words, line, "error=ENOSPC", "the disk fails", text=text))

    def way_signal(self, words, text):
        number = self.choose(signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        return self.at_answer(words, text, lambda running, link: running.signal(number), number.name, (number,))

    def way_cut(self, words, text):
        late = self.choose(0, 0.2)
        result = self.at_answer(words, text, lambda running, link: link.cut(late), f"the link is cut, late by {late} s")
        time.sleep(late + 0.1)
        return result

    def way_daemon(self, words, text):
        action = self.choose("restart", "kill")

        def act(running, link):
            self.host.daemon(action)
            if action == "kill":
                self.host.daemon("start")
        result = self.at_answer(words, text, act, f"the daemon: {action}")
        self.judge.forgot = False
        return result

    def way_freeze(self, words, text):
        """libvirt gives no answer any more, for longer than vfpool waits."""
        words = [*words, "--timeout", "1"]

        def act(running, link):
            self.host.daemon("freeze")
            link.release()
            until = time.monotonic() + self.host.limit
            while not running.ended() and time.monotonic() < until:
                time.sleep(0.01)
            self.host.daemon("thaw")
        result = self.at_answer(words, text, act, "the daemon is frozen")
        self.virsh("list")  # it has done what it was asked before
        return result

    def way_full(self, words, text):
        folder, spare = self.choose((STATE, 0), (STATE, 8), (STATE, 20), *FULL_DOCUMENTS)
        self.host.full(folder, spare)
        try:
            result = self.host.vfpool(words, text=text)
        finally:
            self.host.full(folder, None)
        result.how = f"{spare} KiB left in {folder}"
        return self.kept(result)

    def way_clock(self, words, text):
        ahead = self.choose(-10 * 365 * 86400, -3600, 3600, 40 * 86400, 10 * 365 * 86400)
        result = self.host.run(["env", f"LD_PRELOAD={self.host.preloads}", "/usr/bin/vfpool", *words], {"STORM_CLOCK": str(ahead)}, text)
        result.how, result.words = f"the clock is {ahead} s ahead", ["vfpool", *words]
        return self.kept(result)

    def way_two(self, words, text):
        """Two at once, whose steps mingle as they come: this is the one way that a seed does not replay exactly."""
        self.step.beside = True
        other = [*self.random.choice([["reconcile"], ["migrate", "--all"], ["bind", *self.some(self.names(), 2)]]), "--yes", "--format", "json"]
        first = self.host.start(["/usr/bin/vfpool", *words], {}, text)
        second = self.host.start(["/usr/bin/vfpool", *other], {})
        results = [running.wait(self.host.limit, "two at once") for running in (first, second)]
        for result in results:
            self.kept(result)
        if any(result.status for result in results):
            self.judge.dirty = True
        return results[0]

    # Steps of vfpool's.

    def do_create(self):
        pf = self.choose("eth3", "eth4")
        options = self.choose(
            [], [], ["--vlan", "7"], ["--vfs", "0-3"], ["--portgroup", "dmz:vlan=50", "--portgroup", "lan:default"], ["--no-autostart"],
            ["--name", f"own-{pf}"], ["--exclude", "0", "--max-rate", "500"], ["--adopt", "--name", f"own-{pf}"])
        self.change(["create", pf, *options])

    def do_delete(self):
        if self.pools():
            self.change(["delete", self.choose(*self.pools())])

    def do_bind(self):
        guests = self.some(self.names())
        if not guests:
            return
        words = ["bind", *guests]
        pool = ["--pool", self.choose(*self.pools())] if self.pools() and self.chance(0.6) else []
        kind = self.choose("plain", "plain", "one", "add", "failover", "live", "vlan", "portgroup", "settings")
        if kind in ("one", "add"):
            words = ["bind", guests[0]]
        if kind == "one":
            macs = sorted(self.before.guest(guests[0]).macs())
            words += ["--interface", self.choose(*macs)] if macs else []
        elif kind == "add":
            mac = self.new_mac()
            self.step.may_add[guests[0]] = {mac}
            words += ["--add", "--mac", mac]
        elif kind == "failover":
            words += ["--failover", self.choose("br0", "lan")]
        elif kind == "live":
            words += ["--live", "--wait", "2"]
        elif kind == "vlan":
            words += ["--vlan", self.choose("5", "42")]
        elif kind == "portgroup":
            words += ["--portgroup", "dmz"]
        elif kind == "settings":
            words += ["--max-rate", "100"]
        self.change([*words, *pool])

    def do_unbind(self):
        guests = self.some(self.names(), 2)
        if not guests:
            return
        kind = self.choose("plain", "plain", "plain", "vf", "bridge", "network", "live")
        words = ["unbind", *guests]
        if kind == "vf":
            free = sorted(set(self.before.vfs()) - set(self.before.pinned()) - set(self.before.holders))
            words = ["unbind", guests[0], "--to-vf", self.choose(*free)] if free else words
        elif kind == "bridge":
            words += ["--to-bridge", "br0"]
        elif kind == "network":
            words += ["--to-network", "lan"]
        elif kind == "live":
            words += ["--live", "--wait", "2"]
        self.change(words)

    def do_migrate(self):
        words = ["migrate"]
        kind = self.choose("all", "all", "some", "pf", "live", "resume")
        if kind in ("all", "live"):
            words += ["--all"]
        elif kind == "some":
            words += self.some(self.names())
        elif kind == "pf":
            words += ["--pf", self.choose("eth3", "eth4")]
        elif kind == "resume":
            words += ["--resume"]
        if kind != "resume" and self.chance(0.5):
            words += ["--create-pools"]
        if kind == "live":
            words += ["--live", "--wait", "2"]
        self.change(words)

    def do_set(self):
        targets = [*self.names(), *self.pools(), *self.pools(), *(f"{pool}:dmz" for pool in self.pools())]
        words = ["set", self.choose(*targets)]
        for option, values in self.random.sample(SETTINGS, self.random.randint(1, 2)):
            words += [option, self.choose(*values)]
        self.change(words)

    def do_resize(self):
        pf = self.choose("eth3", "eth4")
        options = ["--persist"] if self.chance(0.2) else []
        self.change(["resize", pf, str(self.random.randint(3, 8)), *options])

    def do_boot(self):
        self.change(["boot", self.choose("eth3", "eth4"), *(["--remove"] if self.chance(0.4) else [])])

    def do_reconcile(self):
        self.change(["reconcile"])

    def do_apply(self):
        """A spec of a few things: a pool's VLAN and portgroups, guests on pools."""
        pools, guests = {}, {}
        pf = self.choose("eth3", "eth4")
        name = next((n.name for n in self.before.pools(managed=True) if n.pf() == pf), f"vfpool-{pf}")
        pools[name] = {"pf": pf, "vlan": self.choose(None, 7, 8)}
        if self.chance(0.4):
            pools[name]["portgroups"] = {"dmz": {"vlan": self.choose(None, 50, 51)}}
        for guest in self.some(self.names(), 2):
            macs = sorted(self.before.guest(guest).macs())
            if macs:
                guests[guest] = [{"mac": self.choose(*macs), "pool": name}]
        spec = {"version": 1, "pools": pools, "guests": guests}
        if self.chance(0.3):
            spec["pfs"] = {pf: {"vfs": self.random.randint(4, 8)}}
        self.step.text += f" {json.dumps(spec)}"
        options = [option for option in ("--partial", "--prune") if self.chance(0.3)]
        self.change(["apply", "-f", "-", *options], text=json.dumps(spec))

    def do_undo(self):
        """Of the last change, or of one of the last few."""
        if not self.past:
            return
        name, before, after, number, dirty = self.past[-1] if self.chance(0.7) else self.choose(*self.past[-4:])
        untouched = number == self.number - 1
        now = self.before
        for guest in now.guests.values():
            was, left = before.guests.get(guest.uuid), after.guests.get(guest.uuid)
            # Where nobody changed it since, undo may take it to what it was; else its MACs stay.
            if was and left and left.document == guest.document:
                self.step.may_remove[guest.name] = self.judge.macs(guest) - self.judge.macs(was)
                self.step.may_add[guest.name] = self.judge.macs(was) - self.judge.macs(guest)
        self.past = [entry for entry in self.past if entry[0] != name]
        way = "plain" if self.chance(0.75) else None
        result = self.change(["undo", name], way=way)
        if result.status != 0 or self.step.beside:
            return
        then = picture.take(self.host)
        if untouched:
            old, new = picture.pair(before, then, dirty=dirty)
            if old != new:
                raise Violation("undo", f"{result}, of step {number}\n{judge.difference(old, new)}", result)
            return
        (was_all, new_all), (left_all, now_all) = picture.pair(before, then), picture.pair(after, now)
        changed = {s["name"] for s in after.changes[name].steps if s["kind"] == "defineGuest"} if name in after.changes else set()
        for name in changed:
            key = f"guest {name}"
            if not all(key in documents for documents in (was_all, new_all, left_all, now_all)) or now_all[key] != left_all[key]:
                continue
            if new_all[key] != was_all[key]:
                raise Violation("undo", f"{result}, of step {number}\n" + judge.difference({key: was_all[key]}, {key: new_all[key]}), result)

    def do_look(self):
        """What only reads changes nothing, and says what is."""
        self.look(self.choose("status", "doctor", "list", "log", "export", "dry", "metrics", "picture"))

    def look(self, kind):
        self.step.text += f" {kind}"
        if kind == "export":
            exported = self.host.vfpool(["export"])
            self.step.results.append(exported)
            judge.answered(exported)
            if exported.status == 0:
                same = self.vfpool(["diff", "-f", "-"], text=exported.out)
                if same.status != 0:
                    raise Violation("spec", f"{same}\n{same.out}{same.err}\n{exported.out}", same)
        elif kind == "dry":
            for words in (["migrate", "--all", "--create-pools"], ["undo"], ["reconcile"]):
                self.vfpool([*words, "--dry-run"])
        else:
            words = [kind] if kind != "picture" else ["picture", "--format", "svg"]
            if kind == "picture":
                result = self.host.vfpool(words)
                self.step.results.append(result)
                judge.answered(result)
            else:
                result = self.vfpool(words)
            if kind == "status":
                self.status(result)
        if not self.step.beside:
            self.judge.unchanged(self.before, picture.take(self.host), self.step.results[-1])

    def status(self, result):
        """It names who has each VF, as the processes do that have it open."""
        said = {}
        for port in (result.document() or {"ports": []})["ports"]:
            for vf in port["status"]["functions"]:
                if vf["use"] in ("taken", "outside"):
                    said[vf["address"]] = {vf["guest"]}
        if result.status == 0 and said != self.before.holders:
            raise Violation("status", f"{result}: says {said}; VFIO groups are open by {self.before.holders}", result)

    # Steps of others.

    def do_start(self):
        off = self.names(running=False)
        if not off:
            return
        guest = self.before.guest(self.choose(*off))
        result = self.virsh("start", guest.name)
        if not self.judge.started(self.before, guest, result):
            self.step.text += " (could not)"

    def do_stop(self):
        on = self.names(running=True)
        if not on:
            return
        self.destroy(self.choose(*on))
        self.judge.dirty = True
        if self.chance(0.7):
            self.change(["reconcile"], way="plain")  # as vfpool-reconcile.path does

    def do_plug(self):
        """An interface by virsh, into the running guest, its document, or both."""
        guest = self.before.guest(self.choose(*self.names()))
        how = ["--config"] if not guest.running else self.choose(["--config"], ["--live"], ["--live", "--config"])
        source = self.choose(*[["network", pool] for pool in self.pools()], ["bridge", "br0"], ["network", "lan"])
        mac = self.new_mac()
        self.step.by_others, self.step.may_add = True, {guest.name: {mac}}
        self.virsh("attach-interface", guest.name, *source, "--mac", mac, *how)
        self.judge.dirty = True

    def do_unplug(self):
        """One that was plugged so, from where it is."""
        found = [(g, mac) for g in self.before.guests.values() for mac in sorted(g.macs()) if mac.startswith("52:54:00:99:")]
        if not found:
            return
        guest, mac = self.choose(*found)
        nic = next(nic for nic in picture.nics(guest.document) if nic.mac == mac)
        self.step.by_others, self.step.may_remove = True, {guest.name: {mac}}
        how = ["--config", *(["--live"] if guest.running and self.chance(0.5) else [])]
        self.virsh("detach-interface", guest.name, nic.kind, "--mac", mac, *how)
        self.judge.dirty = True

    def do_edit(self):
        """A guest's document, by hand."""
        guest = self.before.guest(self.choose(*self.names()))
        document = tree.fromstring(guest.document)
        devices, kind = document.find("devices"), self.choose("words", "bridge", "pin", "pin", "twice")
        free = sorted(set(self.before.vfs()) - set(self.before.pinned()) - set(self.before.holders))
        taken = sorted(set(self.before.pinned()) & set(self.before.vfs()))
        if kind == "words":
            (document.find("description") if document.find("description") is not None else tree.SubElement(document, "description")).text = (
                f"by hand, step {self.number}")
        else:
            address = self.choose(*free) if kind == "pin" and free else self.choose(*taken) if kind == "twice" and taken else None
            mac = self.new_mac()
            self.step.may_add = {guest.name: {mac}}
            nic = tree.SubElement(devices, "interface", type="hostdev" if address else "bridge", **({"managed": "yes"} if address else {}))
            tree.SubElement(nic, "mac", address=mac)
            source = tree.SubElement(nic, "source", **({} if address else {"bridge": "br0"}))
            if address:
                domain, bus, rest = address.split(":")
                slot, function = rest.split(".")
                tree.SubElement(source, "address", type="pci", domain=f"0x{domain}", bus=f"0x{bus}", slot=f"0x{slot}", function=f"0x{function}")
                self.step.pinned = {address}
            self.step.text += f" {kind} {address or 'br0'}"
        self.step.by_others = True
        self.virsh("define", "/dev/stdin", text=tree.tostring(document, encoding="unicode"))
        self.judge.dirty = True

    def do_edit_network(self):
        """A pool, by hand or by another program."""
        if not self.pools():
            return
        network = self.before.networks[self.choose(*self.pools())]
        kind = self.choose("mark", "portgroup", "update", "update-live", "restart", "autostart", "stop")
        self.step.text += f" {kind} {network.name}"
        self.step.by_others = True
        if kind in ("mark", "portgroup"):
            document = tree.fromstring(network.document)
            mark = document.find("metadata")
            if kind == "mark" and mark is not None:
                document.remove(mark)
            elif kind == "portgroup":
                tree.SubElement(document, "portgroup", name=f"by-hand-{self.number}")
            self.virsh("net-define", "/dev/stdin", text=tree.tostring(document, encoding="unicode"))
        elif kind.startswith("update"):
            where = "--live" if kind == "update-live" else "--config"
            done = self.virsh("net-update", network.name, "add-last", "portgroup", f"<portgroup name='up-{self.number}'/>", where)
            # libvirt forgets which VFs are taken (docs/concepts/pitfalls.md).
            self.judge.forgot = self.judge.forgot or (done.status == 0 and kind == "update-live")
        elif kind == "autostart":
            self.virsh("net-autostart", network.name, *(["--disable"] if network.autostart else []))
        else:
            # libvirt forgets who has which VF: never to be done while it is in use, and vfpool repairs what it can.
            self.cut_off |= {name for owners in network.ports.values() for name in owners.split(" and ")}
            self.virsh("net-destroy", network.name)
            if kind == "restart":
                self.virsh("net-start", network.name)
        self.judge.dirty = True

    def do_undefine(self):
        off = [name for name in self.names(running=False) if name not in ("vm1", "vm2")]
        if self.removed:
            name = sorted(self.removed)[0]
            self.virsh("define", "/dev/stdin", text=self.removed.pop(name))
            self.step.text += f" back {name}"
        elif off:
            name = self.choose(*off)
            self.removed[name] = self.before.guest(name).document
            self.step.lost = {name}
            self.virsh("undefine", name)
            self.step.text += f" {name}"
        self.step.by_others = self.judge.dirty = True

    def do_daemon(self):
        action = self.choose("restart", "restart", "kill", "reload", "freeze")
        self.step.text += f" {action}"
        if action == "freeze":
            self.host.daemon("freeze")
            try:
                for words in (["status"], ["reconcile"]):
                    self.vfpool([*words, "--timeout", "1"])
            finally:
                self.host.daemon("thaw")
            return
        self.host.daemon(action)
        if action == "kill":
            self.host.daemon("start")
        self.judge.forgot = action == "reload"
        self.judge.dirty = True

    def do_link(self):
        pf = self.choose("eth3", "eth4")
        up = pf in self.judge.down
        self.host.kernel(do="link", pf=pf, up=up)
        (self.judge.down.discard if up else self.judge.down.add)(pf)
        self.step.text += f" {pf} {'up' if up else 'down'}"
        self.judge.dirty = True

    def do_reboot(self):
        vfs = self.choose("restored", "restored", "none")
        self.step.text += f" {vfs}"
        self.step.by_others = True
        counts = {name: len(port["vfs"]) for name, port in self.before.pfs.items()}
        self.host.reboot(vfs)
        self.bridge()
        if vfs == "none":
            for pf, count in counts.items():
                self.host.kernel(do="vfs", pf=pf, count=count)
        self.judge.forgot, self.judge.dirty = False, True
        self.judge.plain = {}  # what was set of VFs through the PF is gone
        self.change(["reconcile"], way="plain")  # as vfpool-reconcile.service does

    # Now and then, and at the end.

    def calm(self, number):
        """All is brought to rest; then it must be in order, and every guest that can must start."""
        self.number, self.random = number, random.Random(f"{self.seed}:calm:{number}")
        self.step = Step("calm")
        host = self.host
        try:
            for pf in sorted(self.judge.down):
                host.kernel(do="link", pf=pf, up=True)
            self.judge.down.clear()
            for name in self.names(running=True):
                self.destroy(name)
            # Only now: of a VF that it gave away twice, the guest that stops has libvirt forget the other, too.
            if self.judge.forgot:
                host.daemon("restart")
                self.judge.forgot = False
            self.in_order()
            self.well()
            self.start_all()
            self.status(self.vfpool(["status"]))
            self.before = picture.take(host)
            for name in self.names(running=True):
                if self.chance(0.5):
                    self.destroy(name)
            self.vfpool(["reconcile", "--yes"])
            self.judge.dirty = False
        finally:
            self.log(number, self.step)
        self.step.by_others = True
        self.settle()
        self.step = None

    def in_order(self):
        """Reconcile does all that there is to do."""
        result = self.vfpool(["reconcile", "--yes"])
        if result.status == 0:
            self.judge.dirty = False
            self.judge.protected(picture.take(self.host))
            again = self.vfpool(["reconcile", "--dry-run", "--exit-code"])
            if again.status != 0:
                raise Violation("settled", f"{again}\n{again.out[-3000:]}{again.err}", again)
        elif not self.judge.shared:
            raise Violation("settled", f"{result}\n{result.err}", result)

    def well(self):
        """Doctor finds no failure but such as steps make."""
        found = self.vfpool(["doctor"])
        unexplained = [f"{check}: {message}" for check, message in judge.failures(found) if check not in EXPLAINED]
        if unexplained:
            raise Violation("doctor", "\n".join(unexplained), found)

    def start_all(self):
        """In turn, those beside each other that there is room for."""
        guests = sorted(picture.take(self.host).guests.values(), key=lambda guest: guest.name)
        for guest in self.random.sample(guests, len(guests)):
            now = picture.take(self.host)
            found = self.vfpool(["doctor"])
            result = self.virsh("start", guest.name)
            if not self.judge.started(now, guest, result):
                self.judge.named(now, guest, result, found)
            self.before = picture.take(self.host)
            self.judge.single_holders(self.before)
            self.judge.macs_on_vfs(self.before)


STEPS = {
    "create": (5, Storm.do_create), "delete": (2, Storm.do_delete), "bind": (12, Storm.do_bind), "unbind": (8, Storm.do_unbind),
    "migrate": (8, Storm.do_migrate), "set": (5, Storm.do_set), "resize": (4, Storm.do_resize), "boot": (2, Storm.do_boot),
    "reconcile": (4, Storm.do_reconcile), "apply": (5, Storm.do_apply), "undo": (12, Storm.do_undo), "look": (6, Storm.do_look),
    "start": (9, Storm.do_start), "stop": (7, Storm.do_stop), "plug": (4, Storm.do_plug), "unplug": (3, Storm.do_unplug),
    "edit": (3, Storm.do_edit), "edit-network": (3, Storm.do_edit_network), "undefine": (2, Storm.do_undefine),
    "daemon": (4, Storm.do_daemon), "link": (1, Storm.do_link), "reboot": (1, Storm.do_reboot),
}
