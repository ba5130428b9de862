"""The host that the documents are on: libvirt, asked through ctypes, and vfpool, run as a command."""
import ctypes
import glob
import json
import os
import subprocess
import sys
from ctypes import c_uint

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "Rig"))
from hypervisor import Hypervisor, Refused  # noqa: E402

INACTIVE, SECURE = 2, 1  # VIR_DOMAIN_XML_INACTIVE, VIR_DOMAIN_XML_SECURE
NETWORK_INACTIVE = 1


def functions():
    """The VFs of each PF, by its netdev, in order."""
    found = {}
    for folder in glob.glob("/sys/class/net/*/device/virtfn0"):
        device = os.path.dirname(folder)
        links = sorted(glob.glob(f"{device}/virtfn*"), key=lambda path: int(path.rsplit("virtfn", 1)[1]))
        found[folder.split("/")[4]] = [os.path.basename(os.readlink(link)) for link in links]
    return found


class Answer:
    def __init__(self, words, process):
        self.words, self.status, self.out, self.err = words, process.returncode, process.stdout, process.stderr

    def error(self):
        """What went wrong, of a command with --format json."""
        for line in reversed(self.err.splitlines()):
            if line.startswith("{"):
                return json.loads(line)["error"]
        return None

    def __str__(self):
        words = " ".join(self.words)
        return f"vfpool {words if len(words) < 300 else words[:300] + '…'}: {self.status}\n{self.err[-1500:]}"


class Host:
    def __init__(self, vfpool):
        self.vfpool_path, self.libvirt = vfpool, Hypervisor()
        self.vfs = functions()

    def vfpool(self, *words, text=""):
        process = subprocess.run([self.vfpool_path, *words], input=text, capture_output=True, text=True, timeout=600)
        return Answer(words, process)

    # Guests.

    def define(self, text):
        """The name that it has in libvirt; raises Refused."""
        guest = self.libvirt.pointer("virDomainDefineXMLFlags", self.libvirt.connection, text.encode(), c_uint(0))
        name = self.libvirt.name(guest)
        self.libvirt.lib.virDomainFree(guest)
        return name

    def guest(self, name):
        return self.libvirt.pointer("virDomainLookupByName", self.libvirt.connection, name.encode())

    def document(self, name):
        guest = self.guest(name)
        call = self.libvirt.lib.virDomainGetXMLDesc
        call.restype = ctypes.c_void_p
        text = call(guest, c_uint(INACTIVE | SECURE))
        self.libvirt.lib.virDomainFree(guest)
        if not text:
            self.libvirt.check(None)
        result = ctypes.cast(text, ctypes.c_char_p).value.decode()
        ctypes.CDLL(None).free(ctypes.c_void_p(text))
        return result

    def documents(self, names):
        return {name: self.document(name) for name in names}

    def undefine(self, name):
        # Managed save, snapshots, NVRAM and checkpoints are no matter here.
        guest = self.guest(name)
        self.libvirt.number("virDomainUndefineFlags", guest, c_uint(1 | 2 | 4 | 16))
        self.libvirt.lib.virDomainFree(guest)

    # Networks.

    def define_network(self, text):
        return self.libvirt.pointer("virNetworkDefineXML", self.libvirt.connection, text.encode())

    def network(self, name, flags=NETWORK_INACTIVE):
        return self.libvirt.text("virNetworkGetXMLDesc", self.libvirt.network(name), c_uint(flags))

    def networks(self):
        """Names and documents of all networks: the persistent ones, whether each is active and starts at boot."""
        found = {}
        for network in self.libvirt.all("virConnectListAllNetworks", self.libvirt.connection):
            call = self.libvirt.lib.virNetworkGetName
            call.restype = ctypes.c_char_p
            name = call(network).decode()
            autostart = ctypes.c_int()
            self.libvirt.number("virNetworkGetAutostart", network, ctypes.byref(autostart))
            active = self.libvirt.number("virNetworkIsActive", network)
            found[name] = f"active {active} autostart {autostart.value}\n" + self.libvirt.text(
                "virNetworkGetXMLDesc", network, c_uint(NETWORK_INACTIVE))
        return found


__all__ = ["Host", "Refused"]
