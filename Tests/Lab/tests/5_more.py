"""4e: VLANs, hot-plug, a restart of the daemon, a port that is down, an empty pool."""
from guests import NIC, Guest

MAC = {n: f"52:54:00:ee:00:0{n}" for n in range(1, 10)}


def test_vlans(host):
    """VLAN of the pool, of a portgroup, of one guest: one VLAN is one wire, and no other."""
    host.reset(eth3=3, eth4=2)
    host.vfpool("create eth3 --vlan 42 --portgroup dmz:vlan=50")
    host.vfpool("create eth4")
    host.define(
        Guest("p", [NIC(MAC[1], network="vfpool-eth3")], ip="10.9.0.1/24"),
        Guest("q", [NIC(MAC[2], network="vfpool-eth4", vlan=42)], ip="10.9.0.2/24", ping="10.9.0.1,10.9.0.3"),
        Guest("d", [NIC(MAC[3], network="vfpool-eth3", portgroup="dmz")], ip="10.9.0.3/24", ping="10.9.0.1"))
    host.start("p", "q", "d")
    held = host.holders()
    for name, port, number, vlan in (("p", "eth3", 1, 42), ("q", "eth4", 2, 42), ("d", "eth3", 3, 50)):
        index = host.functions(port).index(held[name][0])
        host.equal(f"guest {name} is on VLAN {vlan}, by the kernel's table", host.table(port)[index], (MAC[number], vlan))
    host.pings("q", "10.9.0.1")
    host.run("ip link add link eth4 name eth4.50 type vlan id 50 && ip addr add 10.9.0.50/24 dev eth4.50 && ip link set eth4.50 up")
    host.host_reaches("10.9.0.3")
    host.never_pings("q", "10.9.0.3")
    host.never_pings("d", "10.9.0.1")


def test_hotplug_daemon_and_empty_pool(host):
    """A NIC is added to a running guest; the daemon restarts; the pool is empty; its port is down."""
    host.reset(eth3=2, eth4=0)
    host.vfpool("create eth3")
    host.define(Guest("a", [], spare=3), Guest("b", [NIC(MAC[2], network="vfpool-eth3")]), Guest("c", [NIC(MAC[3], network="vfpool-eth3")]))
    host.start("a")
    host.vfpool(f"bind a --pool vfpool-eth3 --add --mac {MAC[1]} --live --yes")
    host.sees("a", MAC[1])
    host.start("b")
    held = host.holders()
    host.check("each has a VF, and another", len({v for have in held.values() for v in have}) == 2, held)
    out = host.run("virsh start c 2>&1", refused=True)
    host.check("the pool is empty for the third", "none are available" in out, out)

    ports = host.ports("vfpool-eth3")
    host.run("systemctl restart libvirtd && virsh -q list >/dev/null")
    host.equal("after the daemon's restart: the guests have what they had", host.holders(), held)
    host.equal("after the daemon's restart: the pool knows it", host.ports("vfpool-eth3"), ports)
    host.run("virsh start c 2>&1", refused=True)

    host.stop("b")
    host.run("ip link set eth3 down")
    out = host.run("virsh start c 2>&1", refused=True)
    host.check("port down: libvirt says so at the start of a guest", "not online" in out, out)
    said = host.vfpool("status")
    host.check("port down: vfpool says so before", "down" in said, said)
    host.run("ip link set eth3 up")
    host.start("c")
    host.sees("c", MAC[3])
