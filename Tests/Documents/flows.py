"""Guests of libvirt's own documents, hundreds at once: each moved to a pool and back, by every way that vfpool has."""
import json
import re
import subprocess
import xml.etree.ElementTree as tree

import judge
from guests import ORDINARY, PINS, corpus, ordinary, own, pin, with_emulator, with_nic
from host import Refused
from networks import pci, silent
from report import kind

POOL = "pool"
PF = "eth3"
# Ordinary NICs are on it; no bridge needs to be there.
NETWORK = "<network><name>default</name><forward mode='bridge'/><bridge name='br0'/><portgroup name='dmz'/></network>"
DROP = ("--drop", "filterref,bandwidth,port,virtualport,link,driver")


class Guests:
    def __init__(self, host, options, report):
        self.host, self.options, self.report = host, options, report
        self.paths = {}     # by the names of guests
        self.pinned = {}    # the VF of each guest that has one
        self.is_pinned = options.what == "pinned"
        self.drop = DROP if self.is_pinned else ()
        self.move = ("migrate",) if self.is_pinned else ("bind", "--pool", POOL, "--interface", "0")

    def run(self):
        host = self.host
        host.define_network(NETWORK)
        for index in range(len(host.vfs[PF])):
            # Then the MAC of a plain <hostdev> is known.
            subprocess.run(["ip", "link", "set", PF, "vf", str(index), "mac", f"52:54:77:00:00:{index:02x}"], check=True)
        self.report.answered("create", host.vfpool("create", PF, "--name", POOL))
        documents = list(enumerate(corpus(self.options.corpus, "domain")))[self.options.first::self.options.every]
        self.report.counts["guest documents"] = len(documents)
        size = min(self.options.batch, len(host.vfs[PF]) - 1)
        names = []
        for number, (path, text) in documents:
            name = self.define(number, path, text, host.vfs[PF][len(names)])
            if name:
                names.append(name)
            if len(names) == size:
                self.batch(names)
                names = []
        if names:
            self.batch(names)

    # Documents.

    def shapes(self, text, number, vf):
        """The document with a NIC to move, in the ways that it can have one: what libvirt does not take with it, another may."""
        if self.is_pinned:
            for shape in range(number, number + len(PINS)):
                yield with_nic(text, pin(shape, number, f"<address {pci(vf)}/>"), number % 2 == 0)
        elif tree.fromstring(text).find("devices/interface") is not None:
            yield text
        else:
            for shape in range(number, number + len(ORDINARY)):
                yield with_nic(text, ordinary(shape, number), False)

    def define(self, number, path, text, vf):
        first = None
        for shape in self.shapes(own(text, number), number, vf):
            for document in (shape, with_emulator(shape)) if "<emulator>" in shape else (shape,):
                try:
                    name = self.host.define(document)
                except Refused as refusal:
                    first = first or str(refusal)
                    continue
                # Once more, as when the daemon starts: only then does libvirt 9.0 sort controllers, and number consoles.
                try:
                    self.host.define(self.host.document(name))
                except Refused:
                    self.report.counts["libvirt does not take its own document"] += 1
                    self.host.undefine(name)
                    return None
                self.report.counts["taken"] += 1
                self.paths[name], self.pinned[name] = f"{path} ({name})", vf
                return name
        self.report.refused[kind(first)] += 1
        return None

    # One batch of guests.

    def batch(self, names):
        host, report = self.host, self.report
        start = host.documents(names)
        if self.is_pinned:
            report.answered("reconcile", host.vfpool("reconcile"))
        networks = host.networks()
        done, _ = self.all_of(self.move, names, self.drop)
        after = host.documents(done)
        for name in done:
            find = judge.pin(self.pinned[name]) if self.is_pinned else judge.first_interface
            wrong = judge.moved(start[name], after[name], find, POOL)
            if wrong:
                report.fault("only the interface changes", self.paths[name], wrong)
        self.same("others are left alone", {name: start[name] for name in names if name not in done})
        report.counts["moved"] += len(done)
        if done:
            self.there_and_back(done, start, after, networks)
        for name in names:
            host.undefine(name)

    def there_and_back(self, done, start, after, networks):
        host, report = self.host, self.report
        spec = host.vfpool("export")
        if report.answered("export", spec):
            silent(host, report, spec.out)
        self.undo("undo", None, start)
        report.same("networks after undo", {}, networks, host.networks())
        applied = host.vfpool("apply", "-f", "-", "--yes", "--format", "json", *self.drop, text=spec.out)
        if not report.answered("apply", applied):
            return
        self.same("apply is what the move was", after)
        back, change = self.all_of(("unbind",), done)
        report.counts["unbound"] += len(back)
        self.unbound(back, start)
        if back:
            self.undo("undo of unbind", change, after)
        self.undo("undo of apply", json.loads(applied.out)["change"], start)
        report.same("networks after all", {}, networks, host.networks())
        if self.is_pinned:
            self.rewritten(done, start, after)

    def rewritten(self, names, start, after):
        """What rewrite makes of a document without a host is what migrate makes of it on one."""
        for name in names:
            device = judge.pin(self.pinned[name])(tree.fromstring(start[name]).find("devices"))
            moved = judge.on_pool(POOL)(tree.fromstring(after[name]))
            mac = () if device.tag == "interface" else ("--mac", moved.find("mac").get("address"))
            words = ("--pool", POOL, "--interface", self.pinned[name], *mac, *DROP)
            answer = self.host.vfpool("rewrite", *words, text=start[name])
            if self.report.answered("rewrite", answer):
                self.host.define(answer.out)
        self.same("rewrite is what migrate is", after)
        self.report.counts["rewritten"] += len(names)

    def unbound(self, names, start):
        """The interface is what it was; a plain <hostdev> becomes the first of its kind."""
        for name in names:
            now = self.host.document(name)
            if now == start[name]:
                continue
            find = judge.pin(self.pinned[name]) if self.is_pinned else judge.first_interface
            is_moved = sorted(now.split("\n")) == sorted(start[name].split("\n"))
            if judge.apart(now, find)[0] != judge.apart(start[name], find)[0] or not is_moved:
                self.report.fault("unbind", self.paths[name], judge.difference(start[name], now))
            else:
                self.report.counts["in another order after unbind"] += 1

    def same(self, rule, before):
        self.report.same(rule, self.paths, before, self.host.documents(before))

    def undo(self, rule, change, before):
        if self.report.answered(rule, self.host.vfpool("undo", *([change] if change else []), "--yes")):
            self.same(rule, before)

    def all_of(self, command, names, more=()):
        """Runs a command for all guests; those that it refuses are left out, with the code, and nothing may have changed by then.

        Returns the guests that it was done for, and the change.
        """
        names = list(names)
        before, networks = self.host.documents(names), self.host.networks()
        while names:
            answer = self.host.vfpool(command[0], *names, *command[1:], *more, "--yes", "--format", "json")
            if answer.status == 0:
                return names, json.loads(answer.out).get("change")
            error = answer.error() or {"code": "none", "message": str(answer)}
            self.same(f"{command[0]}, refused", {name: before[name] for name in names})
            self.report.same(f"{command[0]}, refused", {}, networks, self.host.networks())
            refused = [name for name in names if re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", error["message"])]
            if not refused or answer.status != 1:
                self.report.fault(f"{command[0]} says whom it refuses", "", str(answer))
                return [], None
            for name in refused:
                words = re.sub(r"interface \S+ of", "interface of", error["message"].replace(name, "NAME"))
                self.report.left_out[f"{command[0]} [{error['code']}]: {re.sub('0000:[0-9a-f:.]+', 'VF', words)}"] += 1
                names.remove(name)
        return [], None
