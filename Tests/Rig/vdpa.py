"""vdpa devices: virtqueues of a VF that keeps its network driver, for a guest (vhost) or the host (virtio)."""
import itertools
import os

from netdevs import Tap
from sysfs import SYS, link, make_node, remove, remove_node, write


class VDPA:
    """A vdpa device of a VF. With the driver vhost_vdpa it is /dev/vhost-vdpa-N; with virtio_vdpa it may have a netdev."""

    NUMBERS = itertools.count()

    def __init__(self, device, name, driver, netdev=None):
        number = next(self.NUMBERS)
        self.name, self.driver, self.path, self.tap, self.node = name, driver, f"{device.path}/{name}", None, None
        write(f"{self.path}/driver_override", "(null)\n")
        link(f"{self.path}/subsystem", "/bus/vdpa")
        link(f"/bus/vdpa/devices/{name}", self.path)
        os.makedirs(f"{SYS}/bus/vdpa/drivers/{driver}", exist_ok=True)
        link(f"{self.path}/driver", f"/bus/vdpa/drivers/{driver}")
        link(f"/bus/vdpa/drivers/{driver}/{name}", self.path)
        self.netdev_parent = f"{self.path}/virtio{number}"
        if driver == "vhost_vdpa":
            self.node = f"/dev/vhost-vdpa-{number}"
            write(f"{self.path}/vhost-vdpa-{number}/dev", f"511:{number}\n")
            make_node(self.node)
        elif netdev:
            link(f"{self.netdev_parent}/subsystem", "/bus/virtio")
            link(f"/bus/virtio/devices/virtio{number}", self.netdev_parent)
            self.tap = Tap(netdev, f"02:0b:c0:00:00:{number:02x}")

    def delete(self):
        if self.tap:
            self.tap.close()
            remove(f"/bus/virtio/devices/{os.path.basename(self.netdev_parent)}")
        if self.node:
            remove_node(self.node)
        remove(f"/bus/vdpa/drivers/{self.driver}/{self.name}")
        remove(f"/bus/vdpa/devices/{self.name}")
        remove(self.path)
