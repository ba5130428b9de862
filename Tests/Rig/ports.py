"""SR-IOV ports: PFs with their VFs. What can be said of one in a description is listed in README.md."""
import fcntl
import itertools
import os

from functions import ZERO, Function
from netdevs import Tap, infiniband_address, ip
from rdma import RDMA
from sysfs import BRIDGE, FOLDER, INFINIBAND, NETWORK, SYS, Device, link, remove, write


class Port:
    """A PF with its VFs. `slot` is its place in the description; `bridge` that of the first port of its card."""

    def __init__(self, description, slot, bridge):
        d = description
        self.description, self.name, self.slot = d, d["name"], slot
        self.vf_prefix = d.get("vfPrefix", d["name"])
        self.domain, self.index = d.get("domain", "0000"), d.get("function", 0)
        self.number = (int(d.get("bus", f"{3 + slot:02x}"), 16) << 8) + self.index
        self.offset, self.stride = d.get("offset", 128), d.get("stride", 2)
        self.vendor, self.id, self.vf_id = d.get("vendor", 0x8086), d.get("device", 0x1528), d.get("vfDevice", 0x1515)
        self.kind = "infiniband" if d.get("infiniband") else "none" if d.get("tun") else "ethernet"
        self.type = d.get("class", INFINIBAND if self.kind == "infiniband" else NETWORK)
        self.driver, self.vf_driver = d.get("driver", "ixgbe"), d.get("vfDriver", "ixgbevf")
        self.total, self.numa, self.iommu = d.get("total", 63), d.get("numa", -1), d.get("iommu", True)
        self.eswitch = d.get("eswitch")
        self.mac = d.get("mac", f"a0:36:9f:{self.number >> 8:02x}:00:{self.index:02x}")
        self.choose_groups(bridge)
        self.parent = self.make_bridge(bridge)
        address = f"{self.domain}:{self.number >> 8:02x}:00.{self.index}"
        self.device = Device(
            f"{self.parent}/{address}", address, self.vendor, self.id, self.type, self.group, self.numa)
        for file, value in {
            "sriov_totalvfs": self.total, "sriov_numvfs": 0, "sriov_drivers_autoprobe": 1, "sriov_offset": self.offset,
            "sriov_stride": self.stride, "sriov_vf_device": f"{self.vf_id:x}",
        }.items():
            write(f"{self.device.path}/{file}", f"{value}\n")
        self.functions, self.representors = [], []
        self.table = f"{FOLDER}/vf/{address}"
        self.set_refusals()
        self.device.bind(self.driver)
        self.rdma = RDMA(self.device, self.driver) if d.get("rdma") else None
        self.make_netdevs()
        self.save_table([])
        if self.tap:
            self.set_link(d.get("up", True), d.get("carrier", True))

    def choose_groups(self, bridge):
        """The IOMMU groups: of the PF, of the bridge above it, and those of the VFs from `groups` on."""
        first = 10 + self.slot * 300
        self.vfs_per_group, self.groups = self.description.get("vfsPerGroup", 1), first + 2
        self.group, self.bridge_group = first + 1, first
        if self.description.get("oneGroup"):  # a board that keeps nothing apart below the bridge (no ACS)
            self.vfs_per_group = 1 << 16
            self.group = self.bridge_group = self.groups = 10 + bridge * 300
        if not self.iommu:
            self.group = self.bridge_group = self.groups = None

    def make_bridge(self, bridge):
        """The path of the bridge that the card is behind."""
        address = f"{self.domain}:00:{bridge + 1:02x}.0"
        path = f"/devices/pci{self.domain}:00/{address}"
        if not os.path.exists(SYS + path):
            Device(path, address, 0x8086, 0x3420, BRIDGE, self.bridge_group).bind("pcieport")
        return path

    def make_netdevs(self):
        """Its netdev, further ones of the same function, and where they are in /sys: below the function, or below what
        its driver made there (a virtio device)."""
        d = self.description
        below = d.get("netBelow", "")
        self.netdevs_path = self.device.path + below
        if below:
            name = below.strip("/").split("/")[-1]
            kind = name.rstrip("0123456789")
            link(f"{self.netdevs_path}/subsystem", f"/bus/{kind}")
            link(f"/bus/{kind}/devices/{name}", self.netdevs_path)
        self.tap = Tap(self.name, d.get("currentMAC", self.mac), self.kind) if d.get("netdev", True) else None
        self.extra = [
            Tap(e["name"], e.get("mac", f"{self.mac[:-2]}{int(self.mac[-2:], 16) + i & 255:02x}"), self.kind)
            for i, e in enumerate(d.get("extraNetdevs", []), 1)]
        ip(*(["link", "property", "add", "dev", self.name, "altname", n] for n in d.get("altnames", []) if self.tap))
        os.makedirs(f"{SYS}{self.netdevs_path}/net", exist_ok=True)

    # What netdevs it has, and what the kernel says of them.

    def hardware(self):
        """The path in /sys above each of its netdevs, by index."""
        taps = ([self.tap] if self.tap else []) + self.extra + self.representors
        found = {tap.index: self.netdevs_path for tap in taps}
        for function in self.functions:
            found.update({tap.index: path for tap, path in function.netdevs()})
        return found

    def facts(self):
        """What is in /sys and netlink of its netdevs that a tap says nothing of, by name."""
        facts = {}
        if self.eswitch:
            switch = self.mac.replace(":", "")
            facts[self.name] = {"phys_port_name": f"p{self.index}", "phys_switch_id": switch}
            for vf, tap in enumerate(self.representors):
                facts[tap.name] = {"phys_port_name": f"pf{self.index}vf{vf}", "phys_switch_id": switch}
        if self.kind == "infiniband":
            facts[self.name] = {"address": infiniband_address(self.mac, 0x20)}
            for f in self.functions:
                facts.update({tap.name: {"address": infiniband_address(f.mac, 0x40 + f.index)} for tap in f.taps})
        for number, tap in enumerate(self.extra, 1):
            facts[tap.name] = {"dev_port": number}
        return facts

    # The VF table, shared with preload/table.c.

    def load_table(self):
        with open(self.table) as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            return file.read().splitlines()[1:]

    def save_table(self, rows):
        with open(self.table, "a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.truncate(0)
            file.write("\n".join([f"permanent {self.mac}"] + rows) + "\n")

    def admin_mac(self, index):
        rows = self.load_table()
        return rows[index].split()[1] if index < len(rows) else None

    def first_row(self, index):
        """What the table says of a new VF: what its driver begins with, and what was set through the PF since."""
        d, key = self.description, str(index)
        s = {
            "mac": d.get("adminMACs", {}).get(key, ZERO), "vlan": d.get("vfVlans", {}).get(key, d.get("vfVlan", 0)),
            "spoofCheck": d.get("vfSpoof", 1), **d.get("vfSettings", {}).get(key, {}),
        }
        return (
            f"{index} {s['mac']} vlan {s['vlan']} qos {s.get('qos', 0)} spoofcheck {s['spoofCheck']:d}"
            f" trust {s.get('trust', 0):d} link {s.get('link', 0)} rate {s.get('minRate', 0)} {s.get('maxRate', 0)}"
            f" proto {s.get('protocol', '8100')}")

    def set_refusals(self):
        """What its driver does not take, beside what a test wrote to ADDRESS.refuses."""
        refuses = dict(self.description.get("refuses", {}))
        if self.kind == "infiniband":
            refuses = {"mac": "unsupported", "vlan": "unsupported", **refuses}
        if self.eswitch == "switchdev":
            refuses = {"vlan": "unsupported", **refuses}
        with open(f"{self.table}.driver", "w") as file:
            file.writelines(f"{name} {how}\n" for name, how in refuses.items())

    # What happens to it.

    def set_vfs(self, count, written=False, show=lambda: None):
        """As by a write to sriov_numvfs: the kernel changes the number from and to 0 only. Who made the write sees the
        port's VFs when they are complete, with what `show` does."""
        current = len(self.functions)
        written = written and count <= self.total
        count = min(count, self.total)
        if count != current and current:
            self.set_representors(0)
            for function in reversed(self.functions):
                function.delete()
            self.functions = []
            self.save_table([])
        if count and not self.functions:
            self.save_table([self.first_row(i) for i in range(count)])
            self.functions = [Function(self, i) for i in range(count)]
            self.set_representors(count)
            for function in self.functions:
                function.device.announce("add")
                function.probe()
            show()
            for function in self.functions:
                link(f"{self.device.path}/virtfn{function.index}", function.device.path)
        if not written:  # else the next number may stand there already
            write(f"{self.device.path}/sriov_numvfs", f"{count}\n")

    def set_representors(self, count):
        """In switchdev mode each VF has a netdev at the card's own switch, too."""
        for tap in self.representors:
            tap.close()
        self.representors = []
        if self.eswitch == "switchdev":
            prefix, mac = self.description.get("representors", f"{self.name}r"), f"02:0a:c0:{self.number >> 8:02x}"
            self.representors = [Tap(f"{prefix}{i}", f"{mac}:{i >> 8:02x}:{i & 255:02x}") for i in range(count)]

    def set_eswitch(self, mode):
        self.eswitch = mode
        self.set_refusals()
        self.set_representors(len(self.functions))

    def set_link(self, up=None, carrier=None):
        if carrier is not None:
            self.tap.set_carrier(carrier)
        if up is not None:
            ip(["link", "set", "dev", self.name, "up" if up else "down"])

    def devlink(self):
        """What devlink says of it, as preload/devlink.c reads it: the mode, then ports, each with its netdev's number."""
        lines = [f"mode {self.eswitch} pf {self.index}"]
        physical = itertools.chain([self.tap] if self.tap else [], self.extra)
        lines += [f"port {65535 - i} physical {tap.index} {i} -" for i, tap in enumerate(physical)]
        switches = {True: "on", False: "off"}
        may = dict(enumerate(self.description.get("migratable", [])))
        lines += [
            f"port {i + 1} pcivf {tap.index} {i} {switches.get(may.get(i), '-')}" for i, tap in enumerate(self.representors)]
        return "\n".join(lines) + "\n"

    def delete(self):
        self.set_vfs(0)
        for tap in ([self.tap] if self.tap else []) + self.extra:
            tap.close()
        if self.rdma:
            self.rdma.delete()
        for file in (self.table, f"{self.table}.driver", f"{FOLDER}/devlink/{self.device.address}"):
            if os.path.exists(file):
                os.unlink(file)
        remove(f"{self.netdevs_path}/net")
        self.device.delete()
        self.device.announce("remove")
