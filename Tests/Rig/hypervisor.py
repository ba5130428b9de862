"""The few libvirt calls that the rig makes itself, through ctypes: nothing to install, and flags that virsh lacks."""
import ctypes
import xml.etree.ElementTree as tree
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_uint, c_void_p


class LastError(Structure):
    _fields_ = [("code", c_int), ("domain", c_int), ("message", c_char_p)]


class Refused(Exception):
    """libvirt said no: its code (VIR_ERR_…) and domain (VIR_FROM_…)."""

    def __init__(self, code, domain, message):
        super().__init__(message)
        self.code, self.domain = code, domain


class Hypervisor:
    NETWORK_PORT_RECLAIM = 1

    def __init__(self, uri="qemu:///system"):
        self.lib = ctypes.CDLL("libvirt.so.0")
        self.lib.virGetLastError.restype = POINTER(LastError)
        self.silent = ctypes.CFUNCTYPE(None, c_void_p, c_void_p)(lambda data, error: None)
        self.lib.virSetErrorFunc(None, self.silent)
        self.connection = self.pointer("virConnectOpen", uri.encode())

    def check(self, result):
        error = self.lib.virGetLastError()
        if not error:
            raise Refused(0, 0, "failed")
        raise Refused(error.contents.code, error.contents.domain, error.contents.message.decode())

    def pointer(self, name, *arguments):
        call = getattr(self.lib, name)
        call.restype = c_void_p
        result = call(*arguments)
        return c_void_p(result) if result else self.check(result)

    def number(self, name, *arguments):
        result = getattr(self.lib, name)(*arguments)
        return result if result >= 0 else self.check(result)

    def network(self, name):
        return self.pointer("virNetworkLookupByName", self.connection, name.encode())

    def create_port(self, network, xml, flags=NETWORK_PORT_RECLAIM):
        port = self.pointer("virNetworkPortCreateXML", self.network(network), xml.encode(), c_uint(flags))
        return self.text("virNetworkPortGetXMLDesc", port, c_uint(0))

    def text(self, name, *arguments):
        return ctypes.cast(self.pointer(name, *arguments), c_char_p).value.decode()

    def provide(self, networks, guests):
        """Defines and starts what is described: [(xml, active, autostart)], [(xml, running, autostart)]."""
        for xml, active, autostart in networks:
            network = self.pointer("virNetworkDefineXML", self.connection, xml.encode())
            self.number("virNetworkSetAutostart", network, c_int(autostart))
            if active:
                self.number("virNetworkCreate", network)
        to_start = []
        for xml, running, autostart in guests:
            guest = self.pointer("virDomainDefineXML", self.connection, xml.encode())
            if autostart:
                self.number("virDomainSetAutostart", guest, c_int(1))
            if running:
                to_start.append(guest)
        failures = []
        for guest in to_start:
            try:
                self.number("virDomainCreate", guest)
            except Refused as refusal:
                failures.append(f"{self.name(guest)}: {refusal}")
        if failures:
            raise RuntimeError("guests that did not start: " + "; ".join(failures))

    def name(self, guest):
        call = self.lib.virDomainGetName
        call.restype = c_char_p
        return call(guest).decode()

    def all(self, list_call, *parent):
        """What a virConnectListAll… or virNetworkListAllPorts call finds."""
        found = POINTER(c_void_p)()
        count = self.number(list_call, *parent, byref(found), c_uint(0))
        return [c_void_p(found[i]) for i in range(count)]

    def state(self):
        """Every guest's NICs, live and configured, and every network's ports."""
        guests, networks = [], []
        for guest in self.all("virConnectListAllDomains", self.connection):
            live = tree.fromstring(self.text("virDomainGetXMLDesc", guest, c_uint(0)))
            config = tree.fromstring(self.text("virDomainGetXMLDesc", guest, c_uint(2)))  # VIR_DOMAIN_XML_INACTIVE
            running = self.number("virDomainIsActive", guest) == 1
            guests.append({
                "name": live.findtext("name"), "uuid": live.findtext("uuid"), "running": running,
                "live": nics(live) if running else [], "config": nics(config),
            })
        for network in self.all("virConnectListAllNetworks", self.connection):
            document = tree.fromstring(self.text("virNetworkGetXMLDesc", network, c_uint(0)))
            active = self.number("virNetworkIsActive", network) == 1
            ports = self.all("virNetworkListAllPorts", network) if active else []
            documents = [tree.fromstring(self.text("virNetworkPortGetXMLDesc", p, c_uint(0))) for p in ports]
            networks.append({
                "name": document.findtext("name"), "uuid": document.findtext("uuid"), "active": active,
                "persistent": self.number("virNetworkIsPersistent", network) == 1,
                "ports": [port(d) for d in documents],
            })
        by_name = lambda entry: entry["name"]
        return {"guests": sorted(guests, key=by_name), "networks": sorted(networks, key=by_name)}


def pci_address(element):
    """As the kernel writes it."""
    if element is None or element.get("bus") is None:
        return None
    domain, bus, slot, function = (int(element.get(part, "0"), 0) for part in ("domain", "bus", "slot", "function"))
    return f"{domain:04x}:{bus:02x}:{slot:02x}.{function}"


def attribute(element, path, name):
    found = element.find(path)
    return None if found is None else found.get(name)


def nics(domain):
    """The NICs of a guest's document: <interface>, and <hostdev> of type pci."""
    found = []
    for element in domain.findall("devices/*"):
        if element.tag == "interface":
            kind = {"hostdev": "pinned", "direct": "macvtap"}.get(element.get("type"), element.get("type"))
        elif element.tag == "hostdev" and element.get("type") == "pci":
            kind = "hostdev"
        else:
            continue
        found.append({
            "attached": kind, "mac": attribute(element, "mac", "address"),
            "network": attribute(element, "source", "network"),
            "vf": pci_address(element.find("source/address")), "alias": attribute(element, "alias", "name"),
            "guestAddress": pci_address(element.find("address")),
        })
    return found


def port(document):
    return {
        "uuid": document.findtext("uuid"), "owner": document.findtext("owner/name"),
        "ownerUUID": document.findtext("owner/uuid"), "mac": attribute(document, "mac", "address"),
        "vf": pci_address(document.find("plug/address")),
    }
