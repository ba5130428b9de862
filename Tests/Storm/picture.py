"""What is: guests, networks, VFs and the journal, read by virsh, from the rig's kernel, its processes, and the journal's files.
Nothing of vfpool's own is used."""
import json
import os
import re
import xml.etree.ElementTree as tree
from dataclasses import dataclass, field

from host import STATE, Broken

MARK = "{urn:vfpool:1}pool"
VFIO = re.compile(r"^/dev/vfio/(\d+)$")


def pci(element):
    """An <address> as the kernel writes it, or None."""
    if element is None or element.get("bus") is None:
        return None
    domain, bus, slot, function = (int(element.get(part, "0"), 0) for part in ("domain", "bus", "slot", "function"))
    return f"{domain:04x}:{bus:02x}:{slot:02x}.{function}"


@dataclass
class NIC:
    kind: str
    mac: str | None
    network: str | None
    vf: str | None


def nics(document):
    """The NICs of a guest's document; a plain <hostdev> has no MAC."""
    found = []
    for element in tree.fromstring(document).findall("devices/*"):
        if element.tag != "interface" and not (element.tag == "hostdev" and element.get("type") == "pci"):
            continue
        source, mac = element.find("source"), element.find("mac")
        address = pci(element.find("source/address")) or (None if source is None else pci(source))
        found.append(NIC(
            element.get("type") if element.tag == "interface" else "plain", None if mac is None else mac.get("address"),
            None if source is None else source.get("network"), address))
    return found


@dataclass
class Guest:
    uuid: str
    name: str
    document: str
    live: str | None

    @property
    def running(self):
        return self.live is not None

    def macs(self, plain=None):
        """Those of its document; `plain` stands for a plain hostdev."""
        return {nic.mac if nic.mac else plain for nic in nics(self.document)} - {None}

    def pins(self):
        return [nic.vf for nic in nics(self.document) if nic.vf]

    def has(self):
        """VFs that its running document has, with their MACs."""
        return {nic.vf: nic.mac for nic in nics(self.live or "<domain/>") if nic.vf}


@dataclass
class Network:
    name: str
    uuid: str
    active: bool
    autostart: bool
    persistent: bool
    document: str  # what its next start has; of a transient one, what runs
    live: str | None
    ports: dict = field(default_factory=dict)  # VF → the owner's name; of two, which libvirt gave it to, "vm1 and vm2"

    @property
    def is_pool(self):
        forward = tree.fromstring(self.document).find("forward")
        return forward is not None and forward.get("mode") == "hostdev"

    @property
    def is_managed(self):
        return tree.fromstring(self.document).find(f"metadata/{MARK}") is not None

    def listed(self, live):
        """The VFs that it hands out; None for a whole PF's."""
        document = tree.fromstring(self.live if live else self.document)
        if not live and document.find("forward/pf") is not None:
            return None
        return [pci(element) for element in document.findall("forward/address")]

    def port_lines(self, without=()):
        return "\n".join(f"{vf} {owner}" for vf, owner in sorted(self.ports.items()) if vf not in without)

    def pf(self):
        element = tree.fromstring(self.document).find(f"metadata/{MARK}/{{urn:vfpool:1}}pf")
        if element is not None:
            return element.get("dev")
        element = tree.fromstring(self.document).find("forward/pf")
        return None if element is None else element.get("dev")


@dataclass
class Change:
    """A change in the journal: change.json, and the lines of progress.jsonl."""
    id: str
    steps: list
    lines: list
    command: list
    folder: str

    @property
    def result(self):
        """`done`, `reverted`, …; None: it never ended."""
        return next((line.get("result") for line in self.lines if line.get("event") == "complete"), None)

    def progress(self, number):
        """The last that was said of a step: `starting`, `finished`, `reverted`, `possible`; None: nothing."""
        return next((line["event"] for line in reversed(self.lines) if line.get("step") == number), None)

    def text(self, step, which):
        """A document of a step: `before`, `after`, or `stored`, as libvirt had it when the step was done."""
        name = step.get("before") if which == "before" else step.get("after")
        if name and which == "stored":
            name = name.replace(".after.xml", ".stored.xml")
        try:
            with open(f"{self.folder}/{name}", encoding="utf-8") as file:
                return file.read()
        except TypeError:
            return None
        except OSError:
            return self.packed("stored.txt" if which == "stored" else "documents.txt").get(name)

    def packed(self, pack):
        """The documents of a change of many steps, by name: each behind a line `== NAME BYTES`."""
        found = {}
        try:
            with open(f"{self.folder}/{pack}", "rb") as file:
                while (line := file.readline()).endswith(b"\n"):
                    _, name, size = line.split()
                    text = file.read(int(size))
                    if file.read(1) != b"\n":
                        break
                    found[name.decode()] = text.decode()
        except OSError:
            pass
        return found


@dataclass
class Picture:
    guests: dict    # UUID → Guest
    networks: dict  # name → Network
    pfs: dict       # name → {"address", "vfs": [{"address", "mac", "driver", "group", …}]}
    holders: dict   # VF → names of guests whose QEMU has its VFIO group open
    changes: dict   # id → Change, in their order
    starts: int = 0  # how often libvirt's daemon was started before

    def guest(self, name):
        return next((guest for guest in self.guests.values() if guest.name == name), None)

    def vfs(self, pf=None):
        """Address → what the kernel says of it."""
        return {vf["address"]: vf for name, port in self.pfs.items() if pf in (None, name) for vf in port["vfs"]}

    def pools(self, managed=None):
        return [n for n in self.networks.values() if n.is_pool and managed in (None, n.is_managed)]

    def pinned(self):
        """VF → names of the guests whose document names it."""
        found = {}
        for guest in self.guests.values():
            for address in dict.fromkeys(guest.pins()):
                found.setdefault(address, []).append(guest.name)
        return found

    def documents(self):
        """What lasts, by what it belongs to: documents of guests and networks, autostart."""
        found = {f"guest {g.name}": g.document for g in self.guests.values()}
        for network in self.networks.values():
            found[f"network {network.name}"] = network.document if network.persistent else "transient"
        return found

    def facts(self):
        """All that a command that failed must leave as it was."""
        found = self.documents()
        for network in self.networks.values():
            found[f"network {network.name}: runs"] = str(network.active)
            found[f"network {network.name}: starts at boot"] = str(network.autostart)
            found[f"network {network.name}: persists"] = str(network.persistent)
            found[f"network {network.name}: ports"] = network.port_lines()
        for guest in self.guests.values():
            found[f"guest {guest.name}: VFs"] = "\n".join(f"{vf} {mac}" for vf, mac in sorted(guest.has().items()))
        for name, port in self.pfs.items():
            found[f"PF {name}: VFs"] = "\n".join(vf["address"] for vf in port["vfs"])
        return found


VFS = re.compile(r"^ *<(?:pf dev|address type='pci')=?[^>]*/>\n", re.MULTILINE)
CONTROLLER = re.compile(r" *<controller (?:[^>]*/>|.*?</controller>)\n", re.DOTALL)


def ordered(text):
    """With its controllers in one order: libvirt orders them when it reads a document, and not when it adds one for a device that is
    plugged into the document."""
    controllers = sorted(CONTROLLER.findall(text))
    first = CONTROLLER.search(text)
    return text if not first else text[:first.start()] + "".join(controllers) + CONTROLLER.sub("", text[first.start():])


def pair(before, after, what="documents", dirty=False):
    """The documents, or facts, of two pictures, to be compared byte for byte, but for the order of controllers; where libvirt's daemon was
    started in between, without the order and indentation of lines: it indents metadata anew when it reads its files. `dirty`: others
    changed before the first who holds what, and a change brings pools in line with that: without the VFs of pools."""
    both = [{key: ordered(text) for key, text in getattr(taken, what)().items()} for taken in (before, after)]
    if dirty:
        both = [{key: VFS.sub("", text) if key.startswith("network ") else text for key, text in facts.items()} for facts in both]
    if before.starts != after.starts:
        # A daemon that is started knows again what a full disk had it forget, as its files have it.
        again = {name for name, network in after.networks.items() if name in before.networks and not before.networks[name].persistent}
        both = [{key: text for key, text in facts.items() if not (key.startswith("network ") and key[8:].split(":")[0] in again)} for facts in both]
        # It gives guests that run the ports that they lost when virsh stopped their network.
        for network in after.networks.values() if what == "facts" else ():
            if network.name in again:
                continue
            had = before.networks[network.name].ports if network.name in before.networks else {}
            back = {vf: owner for vf, owner in network.ports.items() if vf not in had and before.holders.get(vf) == {owner}}
            both[1][f"network {network.name}: ports"] = network.port_lines(without=back)
        both = [{key: "\n".join(sorted(map(str.strip, text.split("\n")))) for key, text in facts.items()} for facts in both]
    return both


def mark(name):
    """Has virsh print where something begins; its echo ends no line by itself."""
    return f"echo '\n@@ {name}\n'"


def blocks(text):
    """What virsh printed between the marks that the script had it echo."""
    parts = re.split(r"^@@ (.*)\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], (part.strip("\n") + "\n" for part in parts[2::2])))


def changes(host):
    """The journal, oldest first. One that can't be read is an error of the judge's, too."""
    place, found = f"{host.root}{STATE}/changes", []
    known = host.__dict__.setdefault("ended", {})  # nothing is added to what has ended
    for name in os.listdir(place) if os.path.isdir(place) else []:
        folder = f"{place}/{name}"
        if name in known:
            found.append(known[name])
            continue
        try:
            with open(f"{folder}/change.json", encoding="utf-8") as file:
                entry = json.load(file)
        except (OSError, ValueError):
            continue  # killed before it was there: nothing was begun
        lines = []
        try:
            with open(f"{folder}/progress.jsonl", encoding="utf-8") as file:
                for line in file:
                    try:
                        lines.append(json.loads(line))
                    except ValueError:
                        pass  # cut short with the process
        except OSError:
            pass
        found.append((entry["sequence"], Change(name, entry["steps"], lines, entry["command"], folder)))
        if found[-1][1].result:
            known[name] = found[-1]
    return {change.id: change for _, change in sorted(found, key=lambda pair: pair[0])}


def holders(host, vfs):
    """Whose QEMU has which VF's VFIO group open."""
    groups, found = {str(vf["group"]): address for address, vf in vfs.items()}, {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/cmdline", "rb") as file:
                words = file.read().split(b"\0")
            # Of this rig, not of another on the same machine.
            if b"-name" not in words or os.readlink(f"/proc/{name}/ns/net") != host.namespace:
                continue
            guest = words[words.index(b"-name") + 1].decode().split(",")[0].removeprefix("guest=")
            for file in os.listdir(f"/proc/{name}/fd"):
                match = VFIO.match(os.readlink(f"/proc/{name}/fd/{file}"))
                if match and match.group(1) in groups:
                    found.setdefault(groups[match.group(1)], set()).add(guest)
        except (OSError, ValueError):
            continue
    return found


def take(host):
    """All of it, as it is now. Where nothing was done since the last, it is that."""
    done, last = host.__dict__.get("picture", (None, None))
    if done != host.done:
        last = looked(host)
        host.picture = host.done, last
    return last


def looked(host):
    first = host.virsh("; ".join([
        mark("all"), "list --all --uuid", mark("running"), "list --uuid", mark("networks"), "net-list --all --name",
        mark("active"), "net-list --name", mark("autostart"), "net-list --all --autostart --name",
        mark("persistent"), "net-list --all --persistent --name"]))
    if first.status:
        raise Broken(f"virsh does not answer: {first.err}")
    lists = {key: text.split() for key, text in blocks(first.out).items()}
    script = []
    for uuid in lists["all"]:
        script += [mark(f"guest {uuid}"), f"dumpxml {uuid} --inactive --security-info"]
    for uuid in lists["running"]:
        script += [mark(f"live {uuid}"), f"dumpxml {uuid}"]
    for name in lists["networks"]:
        script += [mark(f"network {name}"), f"net-dumpxml {name} --inactive"]
    for name in lists["active"]:
        script += [mark(f"runs {name}"), f"net-dumpxml {name}", mark(f"ports {name}"), f"net-port-list {name}"]
    second = host.virsh("; ".join(script)) if script else first
    texts = blocks(second.out) if script else {}
    guests, networks, third = {}, {}, []
    try:
        for uuid in lists["all"]:
            document = texts[f"guest {uuid}"]
            guests[uuid] = Guest(uuid, tree.fromstring(document).findtext("name"), document, texts.get(f"live {uuid}"))
        for name in lists["networks"]:
            document = texts[f"network {name}"]
            live = texts.get(f"runs {name}")
            networks[name] = Network(
                name, tree.fromstring(document).findtext("uuid"), live is not None, name in lists["autostart"],
                name in lists["persistent"], document, live)
            for port in texts.get(f"ports {name}", "").split():
                third += [mark(f"{name} {port}"), f"net-port-dumpxml {name} {port}"]
    except (KeyError, tree.ParseError) as error:
        raise Broken(f"virsh did not show all: {error}: {second.err}")
    if third:
        for key, text in blocks(host.virsh("; ".join(third)).out).items():
            document = tree.fromstring(text)
            address = pci(document.find("plug/address"))
            if address:
                ports = networks[key.split()[0]].ports
                ports[address] = " and ".join(sorted(filter(None, [ports.get(address), document.findtext("owner/name")])))
    pfs = {port["name"]: port for port in host.kernel(do="state")["pfs"]}
    if not hasattr(host, "namespace"):
        host.namespace = os.readlink(f"{os.path.dirname(host.root)}/ns/net")
    picture = Picture(guests, networks, pfs, {}, changes(host), host.starts)
    picture.holders = holders(host, picture.vfs())
    return picture
