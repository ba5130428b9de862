"""SR-IOV ports and their VFs."""
import fcntl
import os

from netdevs import Tap, ip
from sysfs import BRIDGE, NETWORK, SYS, Device, link, read, remove, write

FOLDER = "/dev/rig"
VFIO_DRIVERS = ("vfio-pci", "mlx5_vfio_pci")


class Function:
    """A VF: its PCI device, and its netdev while a network driver holds it."""

    def __init__(self, port, index):
        self.port, self.index, self.tap, self.elsewhere = port, index, None, False
        number = port.number + port.offset + port.stride * index
        address = f"{port.domain}:{number >> 8:02x}:{number >> 3 & 31:02x}.{number & 7}"
        group = port.groups + 1 + index // port.vfs_per_group if port.iommu else None
        self.device = Device(f"{port.parent}/{address}", address, port.vendor, port.vf_id, NETWORK, group, port.numa)
        self.name = f"{port.vf_prefix}v{index}"
        self.mac = f"02:09:c0:{port.number >> 8:02x}:{index >> 8:02x}:{index & 255:02x}"
        link(f"{self.device.path}/physfn", port.device.path)

    def bind(self, driver):
        """The driver takes the device. A network driver makes its netdev, with the MAC set through the port, if any."""
        self.device.bind(driver)
        if driver in VFIO_DRIVERS:
            node = f"/dev/vfio/{self.device.group}"
            if self.device.group is not None and not os.path.exists(node):
                os.mknod(node, 0o600 | 0o020000, os.makedev(1, 3))
        elif driver == self.port.vf_driver:
            admin = self.port.admin_mac(self.index)
            self.tap = Tap(self.name, admin if admin and admin != "00:00:00:00:00:00" else self.mac)
            os.makedirs(f"{SYS}{self.device.path}/net", exist_ok=True)

    def unbind(self):
        if self.tap:
            self.tap.close()
            self.tap = None
            remove(f"{self.device.path}/net")
        group, was_vfio = self.device.group, self.device.driver in VFIO_DRIVERS
        self.device.unbind()
        if was_vfio and group is not None:
            devices = f"{SYS}/kernel/iommu_groups/{group}/devices"
            drivers = [os.path.basename(os.path.realpath(f"{devices}/{d}/driver")) for d in os.listdir(devices)]
            if not any(d in VFIO_DRIVERS for d in drivers) and os.path.exists(f"/dev/vfio/{group}"):
                os.unlink(f"/dev/vfio/{group}")

    def probe(self):
        """What the kernel does with a device that no driver holds."""
        wanted = read(f"{self.device.path}/driver_override")
        if wanted in ("", "(null)"):
            if read(f"{self.port.device.path}/sriov_drivers_autoprobe") == "0":
                return
            wanted = self.port.vf_driver
        if wanted and not self.device.driver:
            self.bind(wanted)

    def delete(self):
        if self.device.driver:
            self.unbind()
        remove(f"{self.port.device.path}/virtfn{self.index}")
        self.device.delete()
        self.device.announce("remove")


class Port:
    """A PF with its VFs."""

    def __init__(self, description, slot):
        d = description
        self.description, self.name, self.slot = d, d["name"], slot
        self.vf_prefix = d.get("vfPrefix", d["name"])
        self.domain, self.number = d.get("domain", "0000"), int(d.get("bus", f"{3 + slot:02x}"), 16) << 8
        self.offset, self.stride = d.get("offset", 128), d.get("stride", 2)
        self.vendor, self.id, self.vf_id = d.get("vendor", 0x8086), d.get("device", 0x1528), d.get("vfDevice", 0x1515)
        self.driver, self.vf_driver = d.get("driver", "ixgbe"), d.get("vfDriver", "ixgbevf")
        self.total, self.numa, self.iommu = d.get("total", 63), d.get("numa", -1), d.get("iommu", True)
        self.vfs_per_group, self.groups = d.get("vfsPerGroup", 1), 10 + slot * 300 + 1
        self.mac = d.get("mac", f"a0:36:9f:{self.number >> 8:02x}:00:00")
        bridge = f"0000:00:{slot + 1:02x}.0"
        root = "/devices/pci0000:00" if self.domain == "0000" else f"/devices/pci{self.domain}:00"
        self.parent = f"{root}/{bridge}"
        if not os.path.exists(SYS + self.parent):
            group = 10 + slot * 300 if self.iommu else None
            Device(self.parent, bridge, 0x8086, 0x3420, BRIDGE, group).bind("pcieport")
        address = f"{self.domain}:{self.number >> 8:02x}:00.0"
        self.device = Device(
            f"{self.parent}/{address}", address, self.vendor, self.id, NETWORK, self.groups if self.iommu else None,
            self.numa)
        for file, value in {
            "sriov_totalvfs": self.total, "sriov_numvfs": 0, "sriov_drivers_autoprobe": 1, "sriov_offset": self.offset,
            "sriov_stride": self.stride, "sriov_vf_device": f"{self.vf_id:x}",
        }.items():
            write(f"{self.device.path}/{file}", f"{value}\n")
        self.functions = []
        self.table = f"{FOLDER}/vf/{address}"
        self.device.bind(self.driver)
        self.tap = Tap(self.name, d.get("currentMAC", self.mac)) if d.get("netdev", True) else None
        os.makedirs(f"{SYS}{self.device.path}/net", exist_ok=True)
        self.save_table([])
        if self.tap:
            self.set_link(d.get("up", True), d.get("carrier", True))

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

    def set_vfs(self, count, written=False, show=lambda: None):
        """As by a write to sriov_numvfs: the kernel changes the number from and to 0 only. Who made the write sees the
        port's VFs when they are complete, with what `show` does."""
        current = len(self.functions)
        written = written and count <= self.total
        count = min(count, self.total)
        if count != current and current:
            for function in reversed(self.functions):
                function.delete()
            self.functions = []
            self.save_table([])
        if count and not self.functions:
            admin = self.description.get("adminMACs", {})
            zero = "00:00:00:00:00:00"
            self.save_table([
                f"{i} {admin.get(str(i), zero)} vlan 0 qos 0 spoofcheck 1 trust 0 link 0 rate 0 0"
                for i in range(count)])
            self.functions = [Function(self, i) for i in range(count)]
            for function in self.functions:
                function.device.announce("add")
                function.probe()
            show()
            for function in self.functions:
                link(f"{self.device.path}/virtfn{function.index}", function.device.path)
        if not written:  # else the next number may stand there already
            write(f"{self.device.path}/sriov_numvfs", f"{count}\n")

    def set_link(self, up=None, carrier=None):
        if carrier is not None:
            self.tap.set_carrier(carrier)
        if up is not None:
            ip(f"link set dev {self.name} {'up' if up else 'down'}")

    def delete(self):
        self.set_vfs(0)
        if self.tap:
            self.tap.close()
        os.unlink(self.table)
        self.device.delete()
        self.device.announce("remove")
