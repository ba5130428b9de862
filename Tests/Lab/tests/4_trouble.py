"""4e: an empty pool, a restart of the daemon, a port that is down."""
from guests import NIC, Guest
from host import on

MAC = {name: f"52:54:00:ee:00:0{n}" for n, name in enumerate("abc", 1)}


@on(eth3=2, eth4=0)
def test_empty_pool_daemon_and_port(host):
    """Nobody is given what another has: when the pool is empty, after the daemon's restart, after its port was down."""
    vfs = host.functions("eth3")
    host.define(*(Guest(name, [NIC(mac, network="vfpool-eth3")]) for name, mac in MAC.items()))
    host.vfpool("create eth3")

    host.step("three guests, two VFs")
    host.start("a", "b", wait=False)
    held = host.holders()
    host.equal("two guests have them", sorted(vf for have in held.values() for vf in have), sorted(vfs))
    out = host.refused_start("c")
    host.check("the pool is empty for the third", "none are available" in out, out)
    said = host.vfpool("status")
    host.check("and vfpool shows no free one", "2 VFs: 2 taken\n" in said and said.count(" taken  ") == 2, said)

    host.step("the daemon restarts, with guests running")
    ports = host.ports("vfpool-eth3")
    host.equal("the pool knows who has what", [(p[0], p[1]) for p in ports], [("a", MAC["a"]), ("b", MAC["b"])])
    host.run("systemctl restart libvirtd && virsh -q list >/dev/null")
    host.equal("the guests have what they had", host.holders(), held)
    host.equal("the pool knows it", host.ports("vfpool-eth3"), ports)
    host.refused_start("c")
    host.ready("a", "b")
    host.sees("a", MAC["a"])

    host.step("the port is down")
    host.stop("b")
    host.eventually("b's VF is back on its host driver", lambda: ((d := host.driver(held["b"][0])) == "igbvf", d))
    host.run("ip link set eth3 down")
    out = host.refused_start("c")
    host.check("libvirt says so at the start of a guest", "not online" in out, out)
    said = host.vfpool("status")
    host.check("vfpool says so before", "down" in said, said)
    host.run("ip link set eth3 up")
    host.eventually("the port is up again", lambda: ((s := host.run("cat /sys/class/net/eth3/carrier || true")).strip() == "1", s))
    host.start("c", wait=False)
    host.equal("and the guest starts, on the VF that is free", host.holders()["c"], held["b"])
    host.ready("c")
    host.sees("c", MAC["c"])
