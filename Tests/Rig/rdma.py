"""RDMA devices: what the drivers of some cards make of a PF or a VF, beside its netdev."""
import itertools

from sysfs import link, make_node, remove, remove_node, write


class RDMA:
    """The RDMA device of a PCI device: in /sys/class/infiniband, with /dev/infiniband/uverbsN for programs."""

    NUMBERS = itertools.count()

    def __init__(self, device, driver):
        number = next(self.NUMBERS)
        self.name, self.verbs = f"{driver.split('_')[0]}_{number}", f"uverbs{number}"
        self.node = f"/dev/infiniband/{self.verbs}"
        self.path, self.verbs_path = f"{device.path}/infiniband/{self.name}", f"{device.path}/infiniband_verbs/{self.verbs}"
        for path, kind, files in (
            (self.path, "infiniband", {
                "node_type": "1: CA", "node_guid": f"0000:0000:0000:{number:04x}", "ports/1/state": "4: ACTIVE",
                "ports/1/link_layer": "Ethernet",
            }),
            (self.verbs_path, "infiniband_verbs", {"ibdev": self.name, "abi_version": 1, "dev": f"231:{192 + number}"}),
        ):
            for file, value in files.items():
                write(f"{path}/{file}", f"{value}\n")
            link(f"{path}/device", device.path)
            link(f"{path}/subsystem", f"/class/{kind}")
            link(f"/class/{kind}/{path.rpartition('/')[2]}", path)
        make_node(self.node)

    def delete(self):
        for path, kind in ((self.path, "infiniband"), (self.verbs_path, "infiniband_verbs")):
            remove(f"/class/{kind}/{path.rpartition('/')[2]}")
            remove(path.rpartition("/")[0])
        remove_node(self.node)
