"""Pools made by hand, of libvirt's own network documents: adopted, set, kept up, resized, deleted, and all of it undone."""
import json
import re
import xml.etree.ElementTree as tree

import judge
from guests import corpus, pin
from host import Refused

MARK = "{urn:vfpool:1}"
# What libvirt refuses in a network that hands out VFs.
NOT_OF_POOLS = ("bridge", "mac", "ip", "dns", "domain", "bandwidth", "mtu", "route", "ips", "virtualport type='openvswitch'")


def without(text, element):
    name = element.split()[0]
    return re.sub(rf"<{element}\b(?:[^>]*/>|[^>]*>.*?</{name}>)", "", text, flags=re.DOTALL)


def as_pool(text, name, forward):
    """A network's document as that of a pool of this name."""
    text = without(re.sub(r"<uuid>.*?</uuid>", "", text, count=1, flags=re.DOTALL), "forward")
    return re.sub(r"<name>[^<]*</name>", lambda _: f"<name>{name}</name>{forward}", text, count=1)


def pools(host, folder, report):
    """Texts that libvirt takes, by what differs: most of them are the same pool, once what a pool can't have is gone."""
    found = {}
    documents = corpus(folder, "network")
    for path, text in documents:
        text = as_pool(text, "NAME", "<forward mode='hostdev' managed='yes'><pf dev='PF'/></forward>")
        accepted = False
        for element in ("", *NOT_OF_POOLS):
            text = without(text, element) if element else text
            try:
                network = host.define_network(text)
            except Refused as refusal:
                words = str(refusal)
                continue
            accepted = True
            host.libvirt.number("virNetworkUndefine", network)
            break
        if accepted:
            report.counts["network documents taken"] += 1
            found.setdefault(judge.canonical(judge.compact(tree.fromstring(text))), (path, text))
        else:
            report.refused[f"network: {words[:100]}"] += 1
    return list(found.values())


def unmarked(document):
    """A pool's document without what vfpool may write: its mark, and which VFs it hands out."""
    root = judge.compact(tree.fromstring(document))
    metadata = root.find("metadata")
    if metadata is not None:
        for element in [e for e in metadata if e.tag.startswith(MARK)]:
            metadata.remove(element)
        if not len(metadata):
            root.remove(metadata)
    forward = root.find("forward")
    for element in [e for e in forward if e.tag in ("pf", "address")]:
        forward.remove(element)
    return judge.canonical(root)


class Networks:
    def __init__(self, host, folder, report):
        self.host, self.report, self.paths = host, report, {}
        self.documents = pools(host, folder, report)
        self.pfs = sorted(host.vfs)

    def run(self):
        self.report.counts["different pools of them"] = len(self.documents)
        todo = [(path, text, number % 2) for number, (path, text) in enumerate(self.documents)]
        while todo:
            batch, todo = todo[:len(self.pfs)], todo[len(self.pfs):]
            self.batch(batch)

    def batch(self, batch):
        names = {}
        for (path, text, shape), pf in zip(batch, self.pfs):
            name = f"by-hand-{pf}"
            text = text.replace("NAME", name)
            # Of a whole PF, or of some VFs by their addresses.
            listed = "".join(f"<address {pci(vf)}/>" for vf in self.host.vfs[pf][1:])
            text = text.replace("<pf dev='PF'/>", f"<pf dev='{pf}'/>" if shape == 0 else listed)
            network = self.host.define_network(text)
            if len(names) % 3 == 1:
                self.host.libvirt.number("virNetworkSetAutostart", network, 1)
            if len(names) % 3 == 2:
                self.host.libvirt.number("virNetworkCreate", network)
            names[pf], self.paths[name] = name, f"{path} on {pf}, {'listed' if shape else 'whole'}"
        self.names = names
        start = self.host.networks()
        self.spec(start)
        self.one_by_one(start)
        for name in names.values():
            network = self.host.libvirt.network(name)
            if self.host.libvirt.number("virNetworkIsActive", network):
                self.host.libvirt.number("virNetworkDestroy", network)
            self.host.libvirt.number("virNetworkUndefine", network)

    def same(self, rule, before, activity=True):
        """Byte for byte; without `activity`, reconcile may have started what starts at boot."""
        now = self.host.networks()
        if not activity:
            before, now = ({name: text.split("\n", 1)[1] for name, text in all_of.items()} for all_of in (before, now))
        self.report.same(rule, self.paths, before, now)

    def only(self, rule, before):
        """Nothing but vfpool's mark and the VFs that it hands out differs."""
        now = self.host.networks()
        for name, text in before.items():
            if name not in now:
                self.report.fault(rule, self.paths[name], "is gone")
                continue
            (_, was), (_, found) = text.split("\n", 1), now[name].split("\n", 1)
            if unmarked(was) != unmarked(found):
                self.report.fault(rule, self.paths[name], judge.difference(unmarked(was), unmarked(found)))

    def undo(self, rule, before, activity=True):
        self.report.answered(rule, self.host.vfpool("undo", "--yes"))
        self.same(rule, before, activity)

    def rest(self, name, text):
        """A pool that starts at boot was started by reconcile, which stays so."""
        network = self.host.libvirt.network(name)
        if text.startswith("active 0") and self.host.libvirt.number("virNetworkIsActive", network):
            self.host.libvirt.number("virNetworkDestroy", network)

    def spec(self, start):
        """All of them at once: adopted as the spec says, with VF settings."""
        spec = self.host.vfpool("export")
        self.report.answered("export", spec)
        silent(self.host, self.report, spec.out)
        self.same("apply of an export", start)
        wanted = json.loads(self.host.vfpool("export", "--format", "json").out)
        for pool in wanted["pools"].values():
            pool.pop("managed", None)
            pool["settings"] = {"maxRate": 1000}
        plan = self.host.vfpool("apply", "-f", "-", "--dry-run", text=json.dumps(wanted))
        for line in plan.err.splitlines() if plan.status else []:
            for name in [name for name in wanted["pools"] if f"{name}:" in line or line.endswith(f" {name}")]:
                del wanted["pools"][name]
                self.report.left_out["apply adopts" + line.split(name, 1)[1]] += 1
        text = json.dumps(wanted)
        applied = self.host.vfpool("apply", "-f", "-", "--yes", text=text)
        if self.report.answered("apply adopts", applied):
            self.only("apply adopts", start)
            silent(self.host, self.report, text)
            self.undo("undo of apply", start)
            self.report.counts["pools adopted by a spec"] += len(self.names)

    def one_by_one(self, start):
        for pf, name in self.names.items():
            self.single(pf, name, {name: start[name]})

    def change(self, rule, pf, name, start, *words):
        """A change of one pool: its number in the journal; None where it was refused, or there was nothing to do.

        `start`: what the document is to be like, but for what is vfpool's.
        """
        host, report = self.host, self.report
        before = {name: host.networks()[name]}
        answer = host.vfpool(*words, "--format", "json", "--yes")
        if answer.status:
            error = answer.error() or {"code": "none", "message": str(answer)}
            message = re.sub("0000:[0-9a-f:.]+", "VF", error["message"].replace(name, "NAME").replace(pf, "PF"))
            report.left_out[f"{rule} [{error['code']}]: {message}"] += 1
            self.same(f"{rule}, refused", before)
            return None
        if start:
            self.only(rule, start)
        report.counts["changes of pools"] += 1
        return json.loads(answer.out).get("change")

    def single(self, pf, name, start):
        host, report = self.host, self.report
        adoption = self.change("adopt", pf, name, start, "create", pf, "--name", name, "--adopt")
        if not adoption:
            return
        adopted = {name: host.networks()[name]}
        if self.change("delete", pf, name, None, "delete", name):
            self.undo("undo of delete", adopted)
        if self.change("resize", pf, name, start, "resize", pf, "3"):
            self.undo("undo of resize", adopted, activity=False)
        words = [("set", name, "--max-rate", "100", "--trust", "on")]
        for group in tree.fromstring(start[name].split("\n", 1)[1]).findall("portgroup"):
            words.append(("set", f"{name}:{group.get('name')}", "--spoof-check", "off"))
        made = []  # what was there before each change
        for command in words:
            before = {name: host.networks()[name]}
            made.append((self.change("set", pf, name, start, *command), before))
        for change, before in reversed(made):
            if change:
                report.answered("undo of set", host.vfpool("undo", change, "--yes"))
                self.same("undo of set", before)
        self.beside_a_pin(pf, name, start)
        self.same("all but the adoption undone", adopted, activity=False)
        report.answered("undo of adopt", host.vfpool("undo", adoption, "--yes"))
        report.answered("reconcile", host.vfpool("reconcile"))
        self.same("an adoption that was undone stays undone", start, activity=False)
        self.rest(name, start[name])
        self.same("all undone", start)

    def beside_a_pin(self, pf, name, start):
        """What the pool's next start hands out follows who holds VFs."""
        host, report = self.host, self.report
        guest = host.define(
            "<domain type='qemu'><name>pinned</name><memory>16384</memory><os><type arch='x86_64'>hvm</type></os><devices>"
            + pin(0, 1, f"<address {pci(host.vfs[pf][1])}/>") + "</devices></domain>")
        self.change("reconcile", pf, name, start, "reconcile")
        before = {name: host.networks()[name]}
        change = self.change("migrate", pf, name, start, "migrate", guest)
        if change:
            report.answered("undo of migrate", host.vfpool("undo", change, "--yes"))
            self.same("undo of migrate", before)
        host.undefine(guest)
        report.answered("reconcile", host.vfpool("reconcile"))


def silent(host, report, spec):
    """A host is as its export says."""
    report.answered("diff", host.vfpool("diff", "-f", "-", text=spec), "No difference")
    report.answered("apply again", host.vfpool("apply", "-f", "-", "--yes", text=spec), "Nothing to do")


def pci(address):
    domain, bus, rest = address.split(":")
    slot, function = rest.split(".")
    return f"type='pci' domain='0x{domain}' bus='0x{bus}' slot='0x{slot}' function='0x{function}'"
