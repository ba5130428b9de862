"""4a, 4f, 4g and the VLANs of 4e: guests from pinned VFs to pools, their traffic, and back to the host."""
from guests import NIC, Guest
from host import on

MAC = {name: f"52:54:00:aa:00:0{n}" for n, name in enumerate("abcdq", 1)}
IP = {name: f"10.9.0.{n}" for n, name in enumerate("abcdq", 1)}
PORT = {"a": "eth3", "b": "eth3", "c": "eth3", "d": "eth3", "q": "eth4"}
VLAN = {"a": 0, "b": 0, "c": 42, "d": 50, "q": 42}


@on(eth3=5, eth4=2)
def test_from_pins_to_pools_and_back(host):
    """create, bind, start: VFIO, MAC and VLAN through the port, seen by the guest; traffic; stop; unbind, delete, undo."""
    vfs = {port: host.functions(port) for port in ("eth3", "eth4")}
    pins = {"a": vfs["eth3"][1], "b": vfs["eth3"][3], "c": vfs["eth3"][0], "d": vfs["eth3"][2], "q": vfs["eth4"][1]}
    pings = {"a": f"{IP['b']},10.9.0.100", "c": f"{IP['q']},{IP['a']}", "d": IP["c"]}
    for name in MAC:
        nic = NIC(MAC[name], pinned=pins[name], vlan=42 if name == "c" else None)
        host.define(Guest(name, [nic], ip=f"{IP[name]}/24", ping=pings.get(name, "")), autostart=name in "ac")
    before = picture(host)

    host.step("pools: eth3 with a portgroup on VLAN 50, eth4 all on VLAN 42; the guests move to them")
    host.vfpool("create eth3 --portgroup dmz:vlan=50")
    host.vfpool("create eth4 --vlan 42")
    host.vfpool("bind a b c")
    host.vfpool("bind d --portgroup dmz")
    host.vfpool("bind q")
    for name, port in PORT.items():
        info = host.network_info(f"vfpool-{port}")
        host.check(f"pool vfpool-{port} is active, persistent and starts at boot",
                   (info["Active"], info["Persistent"], info["Autostart"]) == ("yes", "yes", "yes"), info)
        source = host.document(name, "--inactive").find("devices/interface/source")
        host.equal(f"guest {name} points at it", source.get("network"), f"vfpool-{port}")
    host.equal("nothing is reserved any more", host.ports("vfpool-eth3") + host.ports("vfpool-eth4"), [])

    host.step("the guests start")
    host.start(*MAC, wait=False)
    held = host.holders()
    host.check("each has one VF, and another", len({vf for have in held.values() for vf in have}) == 5 == len(held), held)
    drivers = {**host.drivers("eth3"), **host.drivers("eth4")}
    theirs = {vf for have in held.values() for vf in have}
    host.equal("their VFs are on vfio-pci, the others on their host driver", drivers,
               {vf: "vfio-pci" if vf in theirs else "igbvf" for vf in drivers})
    tables = {port: host.table(port) for port in vfs}
    for name, port in PORT.items():
        index = vfs[port].index(held[name][0])
        host.equal(f"MAC and VLAN of guest {name} are set through the port", tables[port][index], (MAC[name], VLAN[name]))
    host.ready(*MAC)
    for name in MAC:
        host.sees(name, MAC[name])

    host.step("traffic")
    host.run("ip addr add 10.9.0.100/24 dev eth3")
    host.run("ip link add link eth4 name eth4.50 type vlan id 50 && ip addr add 10.9.0.50/24 dev eth4.50 && ip link set eth4.50 up")
    host.pings("a", IP["b"])
    host.pings("a", "10.9.0.100")
    host.host_reaches(IP["b"])
    # VLAN 42 of a guest on one PF, of the pool on the other.
    host.pings("c", IP["q"])
    host.host_reaches(IP["d"], by="eth4.50")
    host.never_pings(c=IP["a"], d=IP["c"])
    host.run("ip link del eth4.50 && ip addr flush dev eth3")

    host.step("as a spec; and what went through the VFs, which igb does not count")
    host.run("vfpool export > /run/host.yaml")
    host.equal("a host differs in nothing from its own export", host.run("vfpool diff --quiet --file /run/host.yaml"), "")
    figures = host.run("vfpool metrics")
    host.check("counters are unknown, not 0", 'vfpool_vf_counters_available{device="eth3"} 0\n' in figures
               and "vfpool_vf_receive_bytes_total{" not in figures, figures)
    host.check("guests' VFs are known", all(f'domain="{name}"' in figures for name in MAC), figures)

    host.step("the guests stop")
    host.stop(*MAC)
    ours = ("drivers", "VF table", "VF netdevs", "overrides")
    same(host, "stopped", {key: before[key] for key in ours})

    host.step("the way back: unbind and delete")
    host.vfpool("unbind a b c d q")
    host.vfpool("delete vfpool-eth3")
    host.vfpool("delete vfpool-eth4")
    same(host, "unbind and delete", before)

    host.step("the way back: undo")
    host.vfpool("create eth3 --vlan 7")
    host.vfpool("bind a b")
    host.check("there is something to put back", picture(host)["guests"] != before["guests"])
    host.vfpool("undo --yes")
    host.vfpool("undo --yes")
    same(host, "undo twice", before)


def picture(host):
    """All that vfpool could have changed, by others' words."""
    names = host.run("virsh -q list --all --name").split()
    both = "/sys/class/net/eth[34]/device/virtfn*"
    return {
        "guests": {name: host.run(f"virsh -q dumpxml {name} --inactive --security-info") for name in names},
        "autostart": host.run("virsh -q list --all --autostart --name"),
        "networks": host.run("virsh -q net-list --all"),
        "network files": host.run("cd /etc/libvirt/qemu/networks && find . | sort"),
        "drivers": (host.drivers("eth3"), host.drivers("eth4")),
        "VF table": (host.table("eth3"), host.table("eth4")),
        "VF netdevs": sorted(host.run(f"cat {both}/net/*/address").split()),
        "overrides": host.run(f"cat {both}/driver_override"),
    }


def same(host, what, before):
    def look():
        now = picture(host)
        differs = {key: (now[key], "before:", before[key]) for key in before if now[key] != before[key]}
        return not differs, differs
    host.eventually(f"{what}: {', '.join(before)} are as before", look)
