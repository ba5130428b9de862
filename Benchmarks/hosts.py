"""The hosts that are measured, as the rig describes hosts (Tests/Rig/README.md)."""

BRIDGE = "br0"


def mac(guest, nic):
    return f"52:54:00:{guest >> 8:02x}:{guest & 255:02x}:{nic:02x}"


# What a guest of today has besides its NICs; documents of a realistic size cost libvirt and vfpool what real ones do.
DEVICES = """<disk type='file' device='disk'>
      <driver name='qemu' type='qcow2' cache='none' io='native' discard='unmap'/>
      <source file='/var/lib/libvirt/images/{name}.qcow2'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <disk type='file' device='cdrom'>
      <target dev='sda' bus='sata'/>
      <readonly/>
    </disk>
    <serial type='pty'/>
    <console type='pty'/>
    <channel type='unix'>
      <target type='virtio' name='org.qemu.guest_agent.0'/>
    </channel>
    <graphics type='vnc' port='-1' autoport='yes'/>
    <video>
      <model type='virtio'/>
    </video>
    <rng model='virtio'>
      <backend model='random'>/dev/urandom</backend>
    </rng>"""
BESIDE = """<title>{name} of the benchmark</title>
  <description>One of many guests.</description>"""


def guest(number, nics):
    name = f"guest{number:04}"
    return {"name": name, "nics": nics, "inside": DEVICES.format(name=name), "beside": BESIDE.format(name=name)}


def port(number, functions, total, driver):
    # Far enough apart that the functions' numbers, which start 128 behind the port's and leave one out, don't meet.
    return {"name": f"eth{number + 1}", "bus": f"{4 * (number + 1):02x}", "vfs": functions, "total": total, "vfDriver": driver}


def pool(number):
    return {"name": f"vfpool-eth{number + 1}", "pf": f"eth{number + 1}", "autostart": True}


def many_guests(count, ports=4, functions=32, running=4):
    """Shut-off guests with one to three NICs each: pinned to a VF as long as there are any, pooled and bridged. The last few run,
    each on a VF of its own. The pools hold back what is pinned."""
    pinned = ports * (functions - running)

    def place(number):
        return {"pf": f"eth{number % ports + 1}", "vf": number // ports}

    def nics(number):
        pooled = {"attached": "network", "network": pool(number % ports)["name"]}
        first = {"attached": "pinned", **place(number)} if number < pinned else pooled
        kinds = [first, {"attached": "bridge", "bridge": BRIDGE}, pooled]
        return [{**kinds[i], "mac": mac(number, i)} for i in range(1 + number % 3)]

    guests = [guest(n, nics(n)) for n in range(count - running)]
    held = [{**place(n), "guest": guests[n]["name"]} for n in range(pinned)]
    for number in range(running):
        name, where = f"running{number}", place(pinned + number)
        guests.append({"name": name, "running": True, "nics": [{"attached": "pinned", **where, "mac": mac(count, number)}]})
        held.append({**where, "guest": name})
    return {
        "name": "many-guests", "pfs": [port(n, functions, functions, "iavf") for n in range(ports)],
        "networks": [pool(n) for n in range(ports)], "guests": guests, "held": held,
    }


def many_pins(count, ports=12, functions=127):
    """Shut-off guests with three NICs each, every one pinned to a VF of its own."""

    def nics(number):
        places = [3 * number + i for i in range(3)]
        return [{"attached": "pinned", "pf": f"eth{p % ports + 1}", "vf": p // ports, "mac": mac(number, i)} for i, p in enumerate(places)]

    return {
        "name": "many-pins", "pfs": [port(n, functions, functions, "iavf") for n in range(ports)], "networks": [],
        "guests": [guest(n, nics(n)) for n in range(count)], "held": [],
    }


def one_guest():
    nics = [{"attached": "network", "network": pool(0)["name"], "mac": mac(0, 0)}]
    return {
        "name": "one-guest", "pfs": [port(0, 8, 8, "iavf")], "networks": [], "held": [],
        "guests": [{"name": "guest0000", "nics": nics}],
    }


def live_view():
    """Four PFs with 64 VFs each, as many as the kernel's answer has room for with counters."""
    return {"name": "live-view", "pfs": [port(n, 64, 64, "iavf") for n in range(4)], "networks": [], "held": [], "guests": []}


def many_functions(share=1, each=256):
    """16 ports with 256 functions each and 1,000 guests with one to three NICs, or a part of that host; or as many functions on more
    ports. Each guest has a VF pinned, which its pool holds back; the functions of a quarter of the ports have netdevs, which take
    longest to look at."""
    ports, guests = int(4096 * share) // each, int(1000 * share)
    drivers = ["iavf" if n < ports // 4 else "vfio-pci" for n in range(ports)]

    def place(number):
        return {"pf": f"eth{number % ports + 1}", "vf": number // ports}

    def nics(number):
        pooled = {"attached": "network", "network": pool(number % ports)["name"]}
        kinds = [{"attached": "pinned", **place(number)}, pooled, pooled]
        return [{**kinds[i], "mac": mac(number, i)} for i in range(1 + number % 3)]

    described = [guest(n, nics(n)) for n in range(guests)]
    return {
        "name": "many-functions", "pfs": [port(n, each, each, driver) for n, driver in enumerate(drivers)],
        "networks": [pool(n) for n in range(ports)], "guests": described,
        "held": [{**place(n), "guest": g["name"]} for n, g in enumerate(described)],
    }
