"""Documents of the lab's nested guests, and what their consoles say."""
from dataclasses import dataclass, field

CONSOLES = "/var/log/libvirt/qemu"


def address_element(address):
    domain, bus, rest = address.split(":")
    slot, function = rest.split(".")
    return f"<address type='pci' domain='0x{domain}' bus='0x{bus}' slot='0x{slot}' function='0x{function}'/>"


@dataclass
class NIC:
    """One NIC of a guest: on a network or bridge, pinned with a MAC (`interface`), or pinned plainly (`hostdev`, which has none)."""
    mac: str = None
    network: str = None
    pinned: str = None
    plain: bool = False
    vlan: int = None
    portgroup: str = None
    bridge: str = None

    def xml(self):
        if self.plain:
            source = address_element(self.pinned).replace("type='pci' ", "")
            return f"<hostdev mode='subsystem' type='pci' managed='yes'><source>{source}</source></hostdev>"
        vlan = f"<vlan><tag id='{self.vlan}'/></vlan>" if self.vlan else ""
        mac = f"<mac address='{self.mac}'/>"
        if self.pinned:
            return f"<interface type='hostdev' managed='yes'>{mac}<source>{address_element(self.pinned)}</source>{vlan}</interface>"
        if self.bridge:
            return f"<interface type='bridge'>{mac}<source bridge='{self.bridge}'/><model type='virtio'/></interface>"
        group = f" portgroup='{self.portgroup}'" if self.portgroup else ""
        return f"<interface type='network'>{mac}<source network='{self.network}'{group}/>{vlan}</interface>"


@dataclass
class Guest:
    name: str
    nics: list = field(default_factory=list)
    ip: str = ""
    ping: str = ""
    # Ports to plug a NIC into later.
    spare: int = 0

    def xml(self):
        nics = "".join(nic.xml() for nic in self.nics)
        # libvirt makes the ports that the document's NICs need, and no other.
        spare = "".join(f"<controller type='pci' index='{n}' model='pcie-root-port'/>" for n in range(1, self.spare + len(self.nics) + 1))
        if spare:
            spare = "<controller type='pci' index='0' model='pcie-root'/>" + spare
        more = (f" guest.ip={self.ip}" if self.ip else "") + (f" guest.ping={self.ping}" if self.ping else "")
        # Under emulation each of these saves seconds: PVH boot, no self-tests, no mitigations, small memory (VFIO pins it all), and
        # not asking each of 256 buses for bridges (8.5 s to the first NIC with it, 3.5 s without).
        return f"""<domain type='kvm'>
  <name>{self.name}</name><memory unit='MiB'>128</memory><vcpu>1</vcpu>
  <os><type arch='x86_64' machine='q35'>hvm</type><kernel>/srv/lab/vmlinux</kernel><initrd>/srv/lab/guest.gz</initrd>
  <cmdline>console=ttyS0 quiet panic=-1 nokaslr tsc=reliable mitigations=off random.trust_cpu=on cryptomgr.notests init_on_alloc=0 pci=noearly,lastbus=0 ipv6.disable=1{more}</cmdline></os>
  <features><acpi/><apic/></features>
  <on_poweroff>destroy</on_poweroff><on_reboot>destroy</on_reboot><on_crash>destroy</on_crash>
  <devices><emulator>/usr/bin/qemu-system-x86_64</emulator>
    <controller type='usb' model='none'/>{spare}
    {nics}
    <serial type='file'><source path='{CONSOLES}/{self.name}.console' append='on'/></serial>
    <console type='file'><source path='{CONSOLES}/{self.name}.console' append='on'/></console>
    <memballoon model='none'/>
  </devices>
</domain>
"""


class Console:
    """What a guest has said since its start."""

    def __init__(self, text):
        # A guest prints while this is read: its last line counts once it is whole.
        self.text = text = text[:text.rfind("\n") + 1]
        self.ready = "GUEST-READY" in text
        self.nics = {}
        self.history = []
        self.answers = {}
        self.reached = set()
        block = None
        for line in text.replace("\r", "").splitlines():
            words = line.split()
            if line.startswith("GUEST-CHANGE"):
                block, slaves = {}, []
            elif line.startswith("GUEST-NIC") and block is not None and len(words) >= 6:
                _, name, mac, driver, link, vlan = words[:6]
                block[mac] = {"name": name, "driver": driver, "link": link == "link=1", "vlan": vlan[5:], "slaves": {},
                              "drops": int(words[6][6:]) if len(words) > 6 else None}
            elif line.startswith("GUEST-SLAVE") and block is not None and len(words) >= 6:
                slaves.append(words[1:6])
            elif line.startswith("GUEST-END") and block is not None:
                for master, name, mac, driver, link in slaves:
                    nic = next((nic for nic in block.values() if nic["name"] == master), None)
                    if nic:
                        nic["slaves"][driver] = {"name": name, "mac": mac, "link": link == "link=1"}
                self.nics = block
                self.history.append(block)
            elif line.startswith("GUEST-PING") and len(words) >= 3:
                self.answers[words[1]] = words[2] == "yes"
                if words[2] == "yes":
                    self.reached.add(words[1])

    def has_dead_vf(self):
        """Whether a VF that the guest sees has no link."""
        return any(half["driver"] == "igbvf" and not half["link"] for nic in self.nics.values()
                   for half in [nic, *({"driver": driver, **slave} for driver, slave in nic["slaves"].items())])
