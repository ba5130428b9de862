"""Netdevs: taps that stand for ports and VFs, and /sys/class/net kept equal to the namespace's links."""
import errno
import fcntl
import os
import re
import socket
import struct
import subprocess

from sysfs import FOLDER, SYS, link, remove, write
from udev import announce

PLAIN = re.compile(r"[\w.:/@%+=,-]+", re.ASCII)


def ip(*commands):
    """Runs ip(8) commands, each a list of words, in one batch. Names that a batch can't hold as one word (a blank or a quote
    in them, or a `#`) have each command run by itself."""
    if all(PLAIN.fullmatch(word) for words in commands for word in words):
        script = "".join(" ".join(words) + "\n" for words in commands)
        if script:
            subprocess.run(["ip", "-batch", "-"], input=script, text=True, check=True, capture_output=True)
        return
    for words in commands:
        subprocess.run(["ip", *words], check=True, capture_output=True)


def infiniband_address(mac, number):
    """The 20 bytes of an IPoIB netdev: a queue pair's number, the subnet's prefix, and a GUID made of a MAC."""
    return f"80:00:00:{number:02x}:fe:80:00:00:00:00:00:00:{mac[:8]}:03:00:{mac[9:]}"


class Tap:
    """A netdev of ours, "ethernet", "infiniband", or of no link layer ("none"). It lives as long as its file is open."""

    def __init__(self, name, mac, kind="ethernet"):
        self.file, self.name = os.open("/dev/net/tun", os.O_RDWR | os.O_CLOEXEC | os.O_NONBLOCK), name
        # TUNSETIFF with IFF_TUN or IFF_TAP, and IFF_NO_PI; SIOCSIFHWADDR; TUNSETLINK to ARPHRD_INFINIBAND
        how = 0x1001 if kind == "none" else 0x1002
        fcntl.ioctl(self.file, 0x400454CA, struct.pack("16sH22x", name.encode(), how))
        if kind != "none":
            address = bytes.fromhex(mac.replace(":", ""))
            fcntl.ioctl(self.file, 0x8924, struct.pack("16sH6s16x", name.encode(), 1, address))
        if kind == "infiniband":
            fcntl.ioctl(self.file, 0x400454CD, 32)
        self.index = socket.if_nametoindex(name)
        self.set_carrier(True)

    def set_carrier(self, on):
        fcntl.ioctl(self.file, 0x400454E2, struct.pack("i", int(on)))  # TUNSETCARRIER

    def close(self):
        os.close(self.file)


class Netdevs:
    """Keeps /sys/class/net equal to the links of the namespace."""

    ATTRIBUTES = {
        1: "address", 3: "name", 4: "mtu", 5: "link", 10: "master", 13: "qlen", 16: "operstate", 18: "info",
        33: "carrier", 37: "link_netns",
    }
    STATES = ["unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up"]

    def __init__(self, described=None):
        self.events = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_NONBLOCK, 0)
        self.events.setsockopt(socket.SOL_SOCKET, 33, 1 << 22)  # SO_RCVBUFFORCE
        self.events.bind((0, 1))  # RTMGRP_LINK
        self.shown = {}
        self.pretended = []  # (tap, kind, index of the link below) of what this kernel cannot make
        self.told = described or {}  # by name: files of a netdev in /sys, and what they say

    @classmethod
    def attributes(cls, data):
        while len(data) >= 4:
            size, kind = struct.unpack_from("HH", data)
            if size < 4:
                return
            yield kind & 0x3FFF, data[4:size]
            data = data[size + 3 & ~3:]

    def links(self):
        """Every link of the namespace, by index."""
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as route:
            route.send(struct.pack("IHHIIB15x", 32, 18, 0x301, 1, 0, 0))  # RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP
            found = {}
            while True:
                data = route.recv(1 << 18)
                while data:
                    size, kind = struct.unpack_from("IH", data)
                    if kind == 3:  # NLMSG_DONE
                        return found
                    device_type, index, flags = struct.unpack_from("=HiI", data, 18)
                    entry = {"flags": flags, "type": device_type, "kind": ""}
                    for number, value in self.attributes(data[32:size]):
                        key = self.ATTRIBUTES.get(number)
                        if key == "name":
                            entry[key] = value.rstrip(b"\0").decode()
                        elif key == "address":
                            entry[key] = ":".join(f"{b:02x}" for b in value)
                        elif key == "info":
                            for inner, text in self.attributes(value):
                                if inner == 1:
                                    entry["kind"] = text.rstrip(b"\0").decode()
                        elif key:
                            entry[key] = int.from_bytes(value, "little")
                    found[index] = entry
                    data = data[size + 3 & ~3:]

    def drain(self):
        """Whether anything was heard."""
        heard = False
        try:
            while self.events.recv(1 << 16):
                heard = True
        except BlockingIOError:
            return heard
        except OSError as error:
            if error.errno != errno.ENOBUFS:
                raise
            return True

    @staticmethod
    def make_tap_node(index, name):
        """What devtmpfs does for a macvtap."""
        try:
            with open(f"/dev/rig/sysfs/class/net/{name}/tap{index}/dev") as file:
                major, minor = map(int, file.read().split(":"))
            os.mknod(f"/dev/tap{index}", 0o020600, os.makedev(major, minor))
        except OSError:
            pass  # gone already

    def show(self, hardware, facts):
        """Rewrites /sys/class/net. `hardware`: the path above each tap, by index; `facts`: what a tap says nothing of, by
        name."""
        links = self.links()
        for tap, kind, below in self.pretended:
            if tap.index in links:
                links[tap.index].update(kind=kind, **({} if kind == "bond" else {"link": below}))
            if kind == "bond" and below in links:
                links[below]["master"] = tap.index
        for index, entry in links.items():
            if entry["kind"] == "macvtap" and not os.path.exists(f"/dev/tap{index}"):
                self.make_tap_node(index, entry["name"])
        for index in [i for i, old in self.shown.items() if i not in links or links[i]["name"] != old["name"]]:
            old = self.shown.pop(index)
            remove(f"/class/net/{old['name']}")
            remove(old["path"])
            if os.path.exists(f"{FOLDER}/netdevs/{old['name']}"):
                os.unlink(f"{FOLDER}/netdevs/{old['name']}")
            announce("remove", old["path"], "net", INTERFACE=old["name"], IFINDEX=index)
        for index, neighbours in self.neighbours(links).items():
            links[index]["facts"] = {**facts.get(links[index]["name"], {}), **self.told.get(links[index]["name"], {})}
            self.tell_netlink(links[index], {tap.index: kind for tap, kind, _ in self.pretended}.get(index))
            self.show_one(index, links[index], hardware.get(index), {
                file: f"{hardware.get(other, '/devices/virtual')}/net/{links[other]['name']}"
                for file, other in neighbours.items()})

    @staticmethod
    def tell_netlink(entry, kind):
        """What preload/netlink.c says of the netdev: of what kind it is, and where its driver has it plugged in."""
        lines = [f"kind {kind}\n"] if kind else []
        lines += [f"{name} {value}\n" for name, value in entry["facts"].items()
                  if name in ("address", "phys_port_name", "phys_port_id", "phys_switch_id")]
        path = f"{FOLDER}/netdevs/{entry['name']}"
        if lines:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(f"{path}.new", "w") as file:
                file.writelines(lines)
            os.rename(f"{path}.new", path)
        elif os.path.exists(path):
            os.unlink(path)

    @staticmethod
    def neighbours(links):
        """For each link, what it says of those above and below it: {"upper_br0": index, "master": index, …}."""
        found = {index: {} for index in links}
        for index, entry in links.items():
            if entry.get("master") in links:  # it is a bridge's port, a bond's slave
                upper, lower = entry["master"], index
                found[lower]["master"] = upper
            elif entry.get("link", index) not in (0, index) and entry["link"] in links and "link_netns" not in entry:
                upper, lower = index, entry["link"]
            else:
                continue
            found[lower][f"upper_{links[upper]['name']}"] = upper
            found[upper][f"lower_{links[lower]['name']}"] = lower
        return found

    def show_one(self, index, entry, parent, neighbours):
        name, (up, carrier) = entry["name"], (entry["flags"] & 1, entry.get("carrier", 0))
        path = f"{parent}/net/{name}" if parent else f"/devices/virtual/net/{name}"
        shown = {"name": name, "path": path, "entry": entry, "neighbours": neighbours}
        if self.shown.get(index) == shown and os.path.isdir(SYS + path):
            return
        has_type = entry["kind"] in ("bridge", "vlan", "bond") and not parent
        device_type = f"DEVTYPE={entry['kind']}\n" if has_type else ""
        # What a VF's driver makes up when nobody has set one (NET_ADDR_RANDOM); see Function.probe.
        is_made_up = parent and os.path.exists(f"{SYS}{parent}/physfn") and entry.get("address", "").startswith("02:")
        address = entry["facts"].get("address", entry.get("address", ""))
        for file, value in {
            "addr_assign_type": int(bool(is_made_up)), "address": address, "ifindex": index,
            "iflink": entry.get("link", index), "type": entry["type"], "flags": f"0x{entry['flags'] & 0xFFBF:x}",
            "mtu": entry.get("mtu", 1500), "operstate": self.STATES[min(entry.get("operstate", 0), 6)],
            "addr_len": len(address.split(":")) if address else 0, "dev_id": "0x0", "dev_port": 0,
            "tx_queue_len": entry.get("qlen", 1000), "uevent": f"{device_type}INTERFACE={name}\nIFINDEX={index}",
            **entry["facts"],
        }.items():
            write(f"{path}/{file}", f"{value}\n")
        # A netdev that is down has no carrier file to read; the kernel answers EINVAL.
        if up:
            write(f"{path}/carrier", f"{carrier}\n")
            write(f"{path}/speed", f"{10000 if carrier else -1}\n")
        else:
            remove(f"{path}/carrier")
            remove(f"{path}/speed")
        if entry["kind"] in ("bridge", "macvtap"):
            os.makedirs(f"{SYS}{path}/{entry['kind']}", exist_ok=True)
        link(f"{path}/subsystem", "/class/net")
        link(f"/class/net/{name}", path)
        if parent:
            link(f"{path}/device", parent)
        for file in os.listdir(SYS + path):
            if (file.startswith(("upper_", "lower_")) or file == "master") and file not in neighbours:
                remove(f"{path}/{file}")
        for file, target in neighbours.items():
            link(f"{path}/{file}", target)
        if index not in self.shown:
            announce("add", path, "net", INTERFACE=name, IFINDEX=index)
        self.shown[index] = shown
