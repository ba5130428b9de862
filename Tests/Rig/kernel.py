"""The pretend kernel: a /sys with SR-IOV ports, and what happens when someone writes into it.

Runs as a process inside the rig. Ports and those VFs that have a network driver get a real netdev (a tap that this
process holds open), so ip(8), libvirt's ioctls and bridges work on them; /sys/class/net is kept equal to the
namespace's links. A VF changes its driver as on a real host: driver_override, bind, unbind, drivers_probe and
sriov_numvfs are watched.

Other processes talk to it on /dev/rig/kernel.sock, one JSON object per line, one answer each:
    {"do": "settle"}                                    answers when everything written so far has had its effect
    {"do": "vfs", "pf": "eth3", "count": 6}             VFs come and go, as by sriov_numvfs (through 0)
    {"do": "rename", "pf": "eth3", "to": "ens3f0"}
    {"do": "replace", "pf": "eth3", "mac": "…"}         another card in the same slot: other burnt-in MAC, VFs gone
    {"do": "remove", "pf": "eth3"}                      the card is gone
    {"do": "link", "pf": "eth3", "up": false, "carrier": true}
    {"do": "use", "pf": "eth3", "vf": 2, "by": {…}}     the host starts to use a VF, see HostUses
    {"do": "eswitch", "address": "0000:03:00.0", "mode": "switchdev"}   as by devlink(8)
    {"do": "state"}                                     answers with every port and VF as they are
"""
import ctypes
import json
import os
import selectors
import socket
import struct
import sys

from host_uses import HostUses
from netdevs import Netdevs, ip
from ports import Port
from power import FORGOTTEN
from sysfs import FOLDER, SYS, Device, read, remove, write

LIBC = ctypes.CDLL(None, use_errno=True)


class Watches:
    """inotify: which files of /sys were written and closed."""

    def __init__(self):
        self.file = LIBC.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        self.paths = {}

    def add(self, path):
        number = LIBC.inotify_add_watch(self.file, (SYS + path).encode(), 8)  # IN_CLOSE_WRITE
        if number >= 0:
            self.paths[number] = path

    def written(self):
        try:
            data = os.read(self.file, 1 << 16)
        except BlockingIOError:
            return
        while data:
            number, _, _, size = struct.unpack_from("iIII", data)
            data = data[16 + size:]
            if number in self.paths:
                yield self.paths[number]


class Kernel:
    """The whole of it: ports, watches, links, and the socket."""

    def __init__(self, description):
        self.description, self.ports, self.watches, self.cards = description, {}, Watches(), {}
        laid_over = description.get("sysfs", {})
        self.netdevs = Netdevs({name: files for name, files in laid_over.items() if "/" not in name})
        self.uses = HostUses(self.netdevs.pretended)
        self.skeleton()
        for slot, port in enumerate(description.get("pfs", [])):
            self.add_port(port, slot)
        self.show()
        for port in description.get("pfs", []):
            for use in port.get("uses", []):
                if use["vf"] < len(self.ports[port["name"]].functions):
                    self.uses.start(self.ports[port["name"]].functions[use["vf"]], use)
        self.show()
        for path, text in laid_over.items():
            if "/" in path:
                remove(path) if text is None else write(path, f"{text}\n")

    def skeleton(self):
        for folder in (
            "bus/pci/devices", "bus/pci/drivers", "bus/pci/slots", "bus/usb/devices", "bus/mdev/devices",
            "bus/ccw/devices", "bus/ap/devices", "bus/css/devices", "class/net", "class/infiniband", "class/block",
            "class/scsi_host", "class/mdev_bus", "kernel/iommu_groups", "kernel/mm", "devices/virtual/net", "block", "module/vfio_pci",
            "firmware",
        ):
            os.makedirs(f"{SYS}/{folder}", exist_ok=True)
        for file in ("drivers_probe", "rescan"):
            write(f"/bus/pci/{file}")
        for file in ("bind", "unbind", "new_id", "remove_id"):
            write(f"/bus/pci/drivers/vfio-pci/{file}")
        iommu = 0 if self.description.get("iommu", True) else None
        Device("/devices/pci0000:00/0000:00:00.0", "0000:00:00.0", 0x8086, 0x29C0, 0x060000, iommu)
        self.watches.add("/bus/pci/drivers_probe")
        self.watch_driver("vfio-pci")

    def watch_driver(self, driver):
        for file in ("bind", "unbind"):
            self.watches.add(f"/bus/pci/drivers/{driver}/{file}")

    def add_port(self, description, slot):
        description.setdefault("iommu", self.description.get("iommu", True))
        card = description.get("domain", "0000"), description.get("bus", f"{3 + slot:02x}")
        port = Port(description, slot, self.cards.setdefault(card, slot))
        self.ports[port.name] = port
        self.watches.add(f"{port.device.path}/sriov_numvfs")
        self.set_vfs(port, description.get("vfs", 0))

    def set_vfs(self, port, count, written=False):
        port.set_vfs(count, written, self.show)
        for driver in {port.driver, port.vf_driver} | {f.device.driver for f in port.functions if f.device.driver}:
            self.watch_driver(driver)
        for function in port.functions:
            self.watches.add(f"{function.device.path}/driver_override")

    def function(self, address):
        for port in self.ports.values():
            for function in port.functions:
                if function.device.address == address:
                    return function
        return None

    # Effects.

    def written(self, path):
        folder, file = os.path.split(path)
        text = read(path)
        if file == "sriov_numvfs":
            port = next((p for p in self.ports.values() if p.device.path == folder), None)
            if port and text.isdigit() and int(text) != len(port.functions):
                if int(text) and port.functions:  # the kernel answers EBUSY
                    write(path, f"{len(port.functions)}\n")
                else:
                    self.set_vfs(port, int(text), written=True)
        elif file == "driver_override":
            write(path, f"{text or '(null)'}\n")
        elif text:
            write(path)
            function = self.function(text)
            if not function:
                return
            driver = os.path.basename(folder)
            if file == "unbind" and function.device.driver == driver:
                function.unbind()
            elif file == "bind" and not function.device.driver:
                function.bind(driver)
            elif file == "drivers_probe":
                function.probe()

    def show(self):
        self.netdevs.drain()
        hardware, facts = {}, {}
        for port in self.ports.values():
            hardware.update(port.hardware())
            facts.update(port.facts())
            if port.eswitch:
                self.tell_devlink(port)
        self.netdevs.show(hardware, facts)

    @staticmethod
    def tell_devlink(port):
        path = f"{FOLDER}/devlink/{port.device.address}"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(f"{path}.new", "w") as file:
            file.write(port.devlink())
        os.rename(f"{path}.new", path)

    def settle(self):
        changed = False
        for path in self.watches.written():
            self.written(path)
            changed = True
        if self.netdevs.drain() or changed:
            self.show()

    # The socket.

    def save(self):
        """Hardware that changed stays changed over a reboot."""
        self.description["pfs"] = [p.description for p in sorted(self.ports.values(), key=lambda p: p.slot)]
        with open(f"{FOLDER}/hardware.json", "w") as file:
            json.dump(self.description, file)

    def answer(self, request):
        kind = request["do"]
        self.settle()
        if kind == "settle":
            return {}
        if kind == "state":
            return {"pfs": [self.state(p) for p in self.ports.values()]}
        address = request.get("address")
        port = next(p for p in self.ports.values() if p.device.address == address) if address else self.ports[request["pf"]]
        if kind == "vfs":
            self.set_vfs(port, 0)
            self.set_vfs(port, request["count"])
            port.description["vfs"] = request["count"]
        elif kind == "rename":
            del self.ports[port.name]
            up = next(entry["flags"] & 1 for i, entry in self.netdevs.links().items() if i == port.tap.index)
            ip(["link", "set", "dev", port.name, "down"], ["link", "set", "dev", port.name, "name", request["to"]],
               ["link", "set", "dev", request["to"], "up" if up else "down"])
            port.description.setdefault("vfPrefix", port.vf_prefix)
            port.name = port.description["name"] = request["to"]
            self.ports[port.name] = port
        elif kind in ("remove", "replace"):
            port.delete()
            del self.ports[port.name]
            if kind == "replace":
                changes = {k: v for k, v in request.items() if k not in ("do", "pf")}
                self.add_port({**port.description, "vfs": 0, "uses": [], **FORGOTTEN, **changes}, port.slot)
        elif kind == "link":
            port.set_link(request.get("up"), request.get("carrier"))
            port.description.update({k: request[k] for k in ("up", "carrier") if request.get(k) is not None})
        elif kind == "eswitch":
            port.set_eswitch(request["mode"])
        elif kind == "use":
            self.uses.start(port.functions[request["vf"]], request["by"])
            port.description.setdefault("uses", []).append({"vf": request["vf"], **request["by"]})
        else:
            raise ValueError(f"no such request: {kind}")
        self.show()
        self.save()
        return {}

    @staticmethod
    def state(port):
        rows = [row.split() for row in port.load_table()]
        return {
            "name": port.name, "address": port.device.address, "mac": port.mac,
            "vfs": [{
                "index": f.index, "address": f.device.address, "driver": f.device.driver,
                "netdev": f.name if f.tap else None, "group": f.device.group,
                "mac": rows[f.index][1], "vlan": int(rows[f.index][3]),
            } for f in port.functions],
        }

    def serve(self):
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(f"{FOLDER}/kernel.sock")
        listener.listen(128)
        waiting = selectors.DefaultSelector()
        waiting.register(listener, selectors.EVENT_READ, "new")
        waiting.register(self.watches.file, selectors.EVENT_READ, "change")
        waiting.register(self.netdevs.events, selectors.EVENT_READ, "change")
        print("up", flush=True)
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        while True:
            for key, _ in waiting.select():
                if key.data == "change":
                    self.settle()
                elif key.data == "new":
                    connection, _ = listener.accept()
                    connection.settimeout(5)
                    waiting.register(connection, selectors.EVENT_READ, connection.makefile("rw"))
                elif not self.serve_one(key.data):
                    waiting.unregister(key.fileobj)
                    key.data.close()
                    key.fileobj.close()

    def serve_one(self, stream):
        try:
            line = stream.readline()
            if not line:
                return False
            try:
                answer = self.answer(json.loads(line))
            except Exception as error:  # told to whoever asked; the kernel goes on
                answer = {"error": f"{type(error).__name__}: {error}"}
            stream.write(json.dumps(answer) + "\n")
            stream.flush()
            return True
        except OSError:
            return False


if __name__ == "__main__":
    with open(sys.argv[1]) as text:
        Kernel(json.load(text)).serve()
