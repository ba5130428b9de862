"""The judge's own test: for each of its rules something is done that vfpool must never do, and the judge has to say so, by that rule."""
import xml.etree.ElementTree as tree

import host as hosts
import picture
import steps
from judge import RULES, Step, Violation

NOTHING = '{"version":1,"change":null,"changed":false}'
ERROR = '{"version":1,"error":{"code":"libvirt","message":"no","cause":null,"hints":[]}}'


class Breaks:
    def __init__(self, host):
        self.host, self.storm = host, steps.Storm(host, "self-test", lambda *_: None)

    def instead(self, script):
        """Another program in vfpool's place."""
        self.host.shell("test -e /usr/bin/vfpool.real || mv /usr/bin/vfpool /usr/bin/vfpool.real")
        self.host.run(["bash", "-c", "cat > /usr/bin/vfpool && chmod 755 /usr/bin/vfpool"], text=f"#!/bin/bash\n{script}\n")

    def repair(self):
        self.host.limit = 60
        self.host.shell("if test -e /usr/bin/vfpool.real; then mv /usr/bin/vfpool.real /usr/bin/vfpool; fi")
        for guest in self.good.guests.values():
            self.host.virsh("define", "/dev/stdin", text=guest.document)
        self.host.vfpool(["reconcile", "--yes"])
        self.storm.past, self.storm.judge.dirty = [], False

    def define(self, name, edit):
        guest = self.good.guest(name)
        document = tree.fromstring(guest.document)
        edit(document)
        self.host.virsh("define", "/dev/stdin", text=tree.tostring(document, encoding="unicode"))

    # Each breaks the rule of its name.

    def hang(self):
        self.host.limit = 1
        self.instead("exec sleep 1000")
        self.storm.change(["reconcile"], way="plain")

    def crash(self):
        self.instead("kill -SEGV $$")
        self.storm.change(["reconcile"], way="plain")

    def exit_status(self):
        self.instead("exit 7")
        self.storm.change(["reconcile"], way="plain")

    def error_form(self):
        self.instead("echo 'error: no' >&2; exit 1")
        self.storm.change(["reconcile"], way="plain")

    def guest_lost(self):
        self.host.virsh("undefine", "vm6")
        self.storm.settle()

    def mac(self):
        self.define("vm4", lambda document: document.find("devices/interface/mac").set("address", "52:54:00:00:00:44"))
        self.storm.settle()

    def two_holders(self):
        taken = picture.take(self.host)
        taken.holders["0000:03:10.0"] = {"vm1", "vm2"}  # VFIO itself would not have it
        self.storm.judge.single_holders(taken)

    def pinned_twice(self):
        pin = tree.fromstring(self.good.guest("vm2").document).find("devices/interface")
        pin.find("mac").set("address", "52:54:00:00:00:04")

        def edit(document):
            devices = document.find("devices")
            devices.remove(devices.find("interface"))
            pin.remove(pin.find("address"))
            devices.append(pin)
        self.define("vm4", edit)
        self.storm.settle()

    def protected(self):
        for port in self.host.virsh("net-port-list", "vfpool-eth3").out.split():
            self.host.virsh("net-port-delete", "vfpool-eth3", port)
        self.storm.judge.protected(picture.take(self.host))

    def start(self):
        self.host.ask(do="cue", guest="vm2", cue={"start": "fail"})
        try:
            guest = self.good.guest("vm2")
            self.storm.judge.started(picture.take(self.host), guest, self.host.virsh("start", "vm2"))
        finally:
            self.host.ask(do="cue", guest="vm2", cue={})

    def named(self):
        self.host.virsh("net-destroy", "lan")
        try:
            self.instead('echo \'{"checks":[]}\'')
            self.storm.start_all()
        finally:
            self.host.virsh("net-start", "lan")

    def unchanged(self):
        self.instead(f"virsh -q desc vm4 --config changed >/dev/null; echo '{ERROR}' >&2; exit 1")
        self.storm.change(["bind", "vm4"], way="plain")

    def journal(self):
        self.instead(f"virsh -q desc vm4 --config changed >/dev/null; echo '{NOTHING}'")
        self.storm.change(["bind", "vm4"], way="plain")

    def undo(self):
        self.storm.change(["bind", "vm4", "--pool", "vfpool-eth3"], way="plain")
        self.instead(f"echo '{NOTHING}'")
        self.storm.before, self.storm.number, self.storm.step = picture.take(self.host), 1, Step("undo")
        self.storm.do_undo()

    def recover(self):
        before = picture.take(self.host)
        result = self.host.vfpool(["bind", "vm4", "--pool", "vfpool-eth3", "--format", "json"])
        self.instead(f"echo '{NOTHING}'")
        self.storm.recover(before, picture.take(self.host), result, False)

    def doctor(self):
        self.instead('echo \'{"checks":[{"check":"two-answers","verdict":"fail","message":"all is wrong"}]}\'')
        self.storm.well()

    def settled(self):
        self.instead('case "$*" in *--dry-run*) exit 2;; esac; exec /usr/bin/vfpool.real "$@"')
        self.storm.in_order()

    def status(self):
        self.instead('echo \'{"ports":[]}\'')
        self.storm.look("status")

    def spec(self):
        self.instead('case "$1" in diff) exit 2;; esac; exec /usr/bin/vfpool.real "$@"')
        self.storm.look("export")


def run(vfpool):
    """(rule, None, or what is wrong with the judge) of each."""
    with hosts.Host(steps.HOST, vfpool) as host:
        breaks = Breaks(host)
        storm = breaks.storm
        storm.begin()
        host.vfpool(["create", "eth3"])
        breaks.good = picture.take(host)
        for rule in RULES:
            storm.random, storm.step, storm.number = steps.random.Random(rule), Step(rule), 0
            storm.before = picture.take(host)
            try:
                storm.settle()  # before it, all is well
                getattr(breaks, rule.replace("-", "_"))()
                wrong = "it says nothing"
            except Violation as violation:
                wrong = None if violation.rule == rule else f"it says {violation}"
            yield rule, wrong
            breaks.repair()
