"""libvirt's own guest documents, brought into a shape in which a daemon takes hundreds of them at once.

As little as possible of a document is changed, and as text: its name gets a number, its UUID and MACs become its own, its type
becomes qemu; its emulator becomes the machine's where its own is not there. What the daemon then refuses is counted by its words.
"""
import os
import re
import uuid
import xml.etree.ElementTree as tree

EMULATOR = "/usr/bin/qemu-system-x86_64"
UUID = re.compile(r"<uuid>\s*([0-9a-fA-F-]{32,36})\s*</uuid>")
MAC = re.compile(r"(<mac\s+address=['\"])([^'\"]*)")
NAME = re.compile(r"<name>([^<]*)</name>")


def corpus(folder, kind):
    """Paths and texts of all documents of a kind (domain, network), by their paths."""
    found = []
    for place, _, names in os.walk(folder):
        for name in names:
            if not name.endswith(".xml"):
                continue
            path = os.path.join(place, name)
            with open(path, "rb") as file:
                data = file.read()
            try:
                root = tree.fromstring(data)
                text = data.decode()
            except (tree.ParseError, UnicodeDecodeError):
                continue
            if root.tag == kind and (kind != "domain" or root.find("devices") is not None):
                found.append((os.path.relpath(path, folder), text))
    return sorted(found)


def mac(number, index):
    return f"52:54:{0x20 + index:02x}:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}"


def own(text, number):
    """The document with a name, a UUID and MACs that no other has."""
    text = re.sub(r"(<domain\b[^>]*?\btype=)(['\"])[^'\"]*\2", r"\1\2qemu\2", text, count=1)
    text = NAME.sub(lambda match: f"<name>{match.group(1).strip()[:200]}-{number}</name>", text, count=1)
    found = UUID.search(text)
    if found:
        text = text.replace(found.group(1), str(uuid.uuid5(uuid.NAMESPACE_URL, f"documents:{number}")))
    if "<teaming" not in text:  # both halves of a pair have one
        count = iter(range(0x40))
        return MAC.sub(lambda m: m.group(1) + mac(number, next(count)), text)
    macs = {}
    return MAC.sub(lambda m: m.group(1) + macs.setdefault(m.group(2).lower(), mac(number, len(macs))), text)


def with_emulator(text):
    return re.sub(r"<emulator>[^<]*</emulator>", f"<emulator>{EMULATOR}</emulator>", text)


INTERFACE = re.compile(r"<interface\b(?:[^>]*/>|.*?</interface>)", re.DOTALL)


def with_nic(text, nic, instead):
    """The document with one more NIC, at the end of its devices, or in place of its first interface."""
    if instead and INTERFACE.search(text):
        return INTERFACE.sub(lambda _: nic, text, count=1)
    if re.search(r"<devices\s*/>", text):
        return re.sub(r"<devices\s*/>", lambda _: f"<devices>{nic}</devices>", text, count=1)
    return nic.join([*re.split(r"(?=</devices>)", text, maxsplit=1)])


# How people attach guests to the network without a VF.
ORDINARY = (
    "<interface type='network'>{mac}<source network='default'/><model type='virtio'/></interface>",
    "<interface type='bridge'>{mac}<source bridge='br0'/><model type='e1000e'/><alias name='ua-nic{n}'/></interface>",
    "<interface type='direct'>{mac}<source dev='eth9' mode='bridge'/><model type='virtio'/>"
    "<driver name='vhost' queues='4'/></interface>",
    "<interface type='user'>{mac}<model type='rtl8139'/></interface>",
    "<interface type='bridge'>{mac}<source bridge='br0'/><target dev='tap{n}'/><model type='virtio'/>"
    "<boot order='9'/><mtu size='9000'/><link state='up'/></interface>",
    "<interface type='ethernet'>{mac}<target dev='own{n}' managed='no'/><model type='virtio'/><rom enabled='no'/></interface>",
    "<interface type='network'>{mac}<source network='default' portgroup='dmz'/><vlan><tag id='42'/></vlan>"
    "<model type='e1000'/></interface>",
)

PINNED = "<interface type='hostdev' managed='yes'>{mac}<source>{address}</source>"
PLAIN = "<hostdev mode='subsystem' type='pci' managed='yes'><source>{plain}</source>"
# How people pin a VF.
PINS = (
    PINNED + "</interface>",
    PLAIN + "</hostdev>",
    PINNED + "<vlan><tag id='42'/></vlan><alias name='ua-vf{n}'/></interface>",
    PLAIN + "<boot order='9'/><alias name='ua-dev{n}'/></hostdev>",
    "<interface type='hostdev'>{mac}<driver name='vfio'/><source>{address}</source><rom bar='off'/></interface>",
    "<hostdev mode='subsystem' type='pci'><driver name='vfio'/><source>{plain}</source>"
    "<rom bar='off' file='/a/b.rom'/></hostdev>",
    PINNED + "<boot order='9'/><rom file='/etc/my &amp; &lt;rom&gt;.bin'/></interface>",
    PLAIN.replace("'yes'", "'no'") + "<address type='pci' domain='0' bus='0' slot='0x1d' function='0'/></hostdev>",
    PINNED + "<address type='pci' bus='0' slot='29' function='0x0'/></interface>",
    PINNED + "<model type='virtio'/><mtu size='1500'/><link state='down'/><acpi index='7'/></interface>",
    PINNED + "<virtualport type='802.1Qbh'><parameters profileid='finance'/></virtualport></interface>",
    PINNED + "<target dev='x{n}'/><vlan trunk='no'><tag id='1'/></vlan>"
    "<bandwidth><inbound average='10'/></bandwidth></interface>",
)


def pin(shape, number, address):
    return PINS[shape % len(PINS)].format(
        mac=f"<mac address='{mac(number, 0x40)}'/>", n=number, address=address, plain=address.replace(" type='pci'", ""))


def ordinary(shape, number):
    return ORDINARY[shape % len(ORDINARY)].format(mac=f"<mac address='{mac(number, 0x40)}'/>", n=number)
