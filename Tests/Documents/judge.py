"""Whether only the one interface of a guest's document changed: judged with Python's parser, sharing nothing with vfpool."""
import difflib
import xml.etree.ElementTree as tree

# What a VF can have, and so has to stay as it was.
KEPT = ("mac", "vlan", "alias", "boot", "rom", "address", "teaming", "acpi")


def pci(element):
    """The function that an <interface> or <hostdev> takes from the host, as the kernel writes it."""
    address = element.find("source/address")
    if address is None or address.get("bus") is None:
        return None
    return "{:04x}:{:02x}:{:02x}.{:x}".format(*(int(address.get(part, "0"), 0) for part in ("domain", "bus", "slot", "function")))


def compact(element):
    """Without the white space between elements."""
    for node in element.iter():
        node.tail = None
        if node.text is not None and not node.text.strip():
            node.text = None
    return element


def canonical(element):
    return tree.canonicalize(tree.tostring(element, encoding="unicode")).strip()


def lines(text):
    return text.replace("><", ">\n<").split("\n")


def difference(before, after):
    return "\n".join(difflib.unified_diff(lines(before), lines(after), "before", "after", lineterm="", n=1))


def first_interface(devices):
    return devices.find("interface")


def pin(address):
    return lambda devices: next(e for e in devices if e.tag in ("interface", "hostdev") and pci(e) == address)


def on_pool(pool):
    def find(devices):
        found = [e for e in devices.iter("interface") if e.find("source") is not None and e.find("source").get("network") == pool]
        if len(found) != 1:
            raise ValueError(f"{len(found)} interfaces are on {pool}")
        return found[0]
    return find


def apart(document, find):
    """The document without one of its devices, and that device."""
    root = compact(tree.fromstring(document))
    devices = root.find("devices")
    device = find(devices)
    devices.remove(device)
    return canonical(root), device


def moved(before, after, find, pool):
    """What is wrong with a document in which one device was moved to a pool; None where nothing is."""
    try:
        (rest, old), (other, new) = apart(before, find), apart(after, on_pool(pool))
    except ValueError as error:
        return str(error)
    if rest != other:
        return difference(rest, other)
    for name in KEPT:
        was, now = old.find(name), new.find(name)
        if name == "alias" and was is not None and not was.get("name", "").startswith("ua-"):
            was = None
        if was is None and name == "mac":
            continue  # a plain hostdev has none
        if (was is None) != (now is None) or was is not None and canonical(was) != canonical(now):
            return f"its {name} did not stay:\n{difference(canonical(old), canonical(new))}"
    return None
