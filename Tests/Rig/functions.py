"""VFs: each its PCI device, and its netdev while a network driver holds it."""
import os

from netdevs import Tap
from rdma import RDMA
from sysfs import SYS, VFIO_DRIVERS, Device, link, read, remove, write

ZERO = "00:00:00:00:00:00"


class Function:
    def __init__(self, port, index):
        self.port, self.index, self.taps, self.rdma, self.vdpa = port, index, [], None, None
        d = port.description
        number = port.number + port.offset + port.stride * index
        address = f"{port.domain}:{number >> 8:02x}:{number >> 3 & 31:02x}.{number & 7}"
        group = port.groups + index // port.vfs_per_group if port.iommu else None
        self.device = Device(
            f"{port.parent}/{address}", address, port.vendor, port.vf_id, d.get("vfClass", port.type), group, port.numa)
        self.name = f"{port.vf_prefix}v{index}"
        self.mac = f"02:{9 + (port.index << 4):02x}:c0:{port.number >> 8:02x}:{index >> 8:02x}:{index & 255:02x}"
        link(f"{self.device.path}/physfn", port.device.path)
        if d.get("vfDriverOverride"):  # as driverctl has udev do
            write(f"{self.device.path}/driver_override", f"{d['vfDriverOverride']}\n")

    @property
    def debugfs(self):
        """What the kernel says of it while a driver of VFIO's has it, from Linux 6.8 on."""
        return f"/kernel/debug/vfio/{self.device.address}"

    @property
    def tap(self):
        return self.taps[0] if self.taps else None

    def netdevs(self):
        """Its netdevs, each with the path above it."""
        own = [(tap, self.device.path) for tap in self.taps]
        return own + ([(self.vdpa.tap, self.vdpa.netdev_parent)] if self.vdpa and self.vdpa.tap else [])

    def bind(self, driver):
        """The driver takes the device. A network driver makes its netdevs, with the MAC set through the port, if any."""
        self.device.bind(driver)
        if driver in VFIO_DRIVERS and self.port.description.get("vfioDebugfs"):
            os.makedirs(f"{SYS}{self.debugfs}" + ("" if driver == "vfio-pci" else "/migration"))
        if driver in VFIO_DRIVERS or driver != self.port.vf_driver:
            return
        admin = self.port.admin_mac(self.index)
        first = admin if admin and admin != ZERO else self.mac
        kind = "ethernet" if self.port.kind == "none" else self.port.kind
        for number in range(self.port.description.get("vfNetdevs", 1)):
            name = self.name + (f"d{number}" if number else "")
            self.taps.append(Tap(name, f"02:{int(first[3:5], 16) ^ number:02x}{first[5:]}" if number else first, kind))
        os.makedirs(f"{SYS}{self.device.path}/net", exist_ok=True)
        if self.port.rdma:
            self.rdma = RDMA(self.device, driver)

    def unbind(self):
        for part in (self.rdma, self.vdpa):
            if part:
                part.delete()
        self.rdma = self.vdpa = None
        for tap in self.taps:
            tap.close()
        if self.taps:
            self.taps = []
            remove(f"{self.device.path}/net")
        remove(self.debugfs)
        self.device.unbind()

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
