"""4a, 4f: a guest's NIC from a pinned VF to a pool, and back to the host."""
from guests import NIC, Guest

MAC = {n: f"52:54:00:aa:00:0{n}" for n in range(1, 10)}


def test_guest_on_a_pool(host):
    """create, bind, start: VFIO, MAC and VLAN through the port, seen by the guest; stop: all as before; traffic."""
    host.reset()
    vfs = host.functions("eth3")
    host.run("ip addr replace 10.9.0.100/24 dev eth3")
    before = host.table("eth3")
    netdevs = host.run("cat /sys/class/net/eth3/device/virtfn*/net/*/address")
    host.define(
        Guest("a", [NIC(MAC[1], pinned=vfs[3])], ip="10.9.0.1/24", ping="10.9.0.2,10.9.0.100"),
        Guest("b", [NIC(MAC[2], pinned=vfs[4])], ip="10.9.0.2/24"),
        Guest("c", [NIC(MAC[3], pinned=vfs[5], vlan=42)], ip="10.9.0.3/24", ping="10.9.0.100"))

    host.vfpool("create eth3")
    info = host.network_info("vfpool-eth3")
    host.check("the pool is active, persistent and starts at boot",
               (info["Active"], info["Persistent"], info["Autostart"]) == ("yes", "yes", "yes"), info)
    host.vfpool("bind a b c")
    for name in "abc":
        source = host.document(name, "--inactive").find("devices/interface/source")
        host.equal(f"guest {name} points at the pool", source.attrib.get("network"), "vfpool-eth3")

    host.start("a", "b", "c", wait=False)
    held = host.holders()
    host.check("each guest has one VF, and another", len({vf for have in held.values() for vf in have}) == 3, held)
    drivers = host.drivers("eth3")
    host.equal("the VFs of guests are on vfio-pci, the others on their host driver", drivers,
               {vf: "vfio-pci" if any(vf in have for have in held.values()) else "igbvf" for vf in vfs})
    table = host.table("eth3")
    for name, number, vlan in (("a", 1, 0), ("b", 2, 0), ("c", 3, 42)):
        host.equal(f"MAC and VLAN of guest {name} are set through the port", table[vfs.index(held[name][0])], (MAC[number], vlan))
    host.ready("a", "b", "c")
    for name, number in (("a", 1), ("b", 2), ("c", 3)):
        host.sees(name, MAC[number])
    host.pings("a", "10.9.0.2")
    host.pings("a", "10.9.0.100")
    host.host_reaches("10.9.0.2")
    host.never_pings("c", "10.9.0.100")

    host.stop("a", "b", "c")
    host.eventually("stopped: every VF is back on its host driver",
                    lambda: (set((d := host.drivers("eth3")).values()) == {"igbvf"}, d), 20)
    after = host.table("eth3")
    host.check("stopped: no guest's MAC or VLAN is left in the port",
               not any(mac in MAC.values() or vlan for mac, vlan in after.values()), after)
    host.eventually("stopped: the host's netdevs of the VFs have the MACs that they had", lambda: (
        sorted((now := host.run("cat /sys/class/net/eth3/device/virtfn*/net/*/address")).split()) == sorted(netdevs.split()), now), 20)
    host.say(f"    (VF table before {sorted(before.values())[:2]}…, after {sorted(after.values())[:2]}…)")
