"""4c: pins, the host's own VF and a pool side by side, over two reboots."""
from guests import NIC, Guest

MAC = {n: f"52:54:00:cc:00:0{n}" for n in range(1, 10)}
POOLED = ("u1", "u2", "u3")
# The host takes VF 2 for itself at each boot, before libvirt starts.
EXTRA = """
netdev=$(ls /sys/class/net/eth3/device/virtfn2/net)
ip addr replace 192.0.2.1/24 dev "$netdev"
ip link set "$netdev" up
"""


def held_stay_held(host, vfs, when):
    """Nobody has a VF that is another's; the shut-off pinned guest can start."""
    held = host.holders()
    host.equal(f"{when}: the running pinned guest has its VF", held.get("pin"), [vfs[0]])
    pooled = {name: held[name][0] for name in POOLED if name in held}
    host.equal(f"{when}: two pooled guests run, on the two VFs that nobody holds", sorted(pooled.values()), sorted(vfs[3:5]))
    host.equal(f"{when}: the host's VF is on the host's driver", host.driver(vfs[2]), "igbvf")
    host.check(f"{when}: the host's address is still on it",
               "192.0.2.1/24" in host.run("ip -br addr show dev $(ls /sys/class/net/eth3/device/virtfn2/net)"))
    left = (set(POOLED) - set(pooled)).pop()
    out = host.run(f"virsh start {left} 2>&1", refused=True)
    host.check(f"{when}: the pool is empty for the third", "none are available" in out, out)
    host.start("off", wait=False)
    host.equal(f"{when}: the shut-off pinned guest starts, on its VF", host.holders().get("off"), [vfs[1]])
    host.stop("off")


def test_pins_and_pool_together(host):
    """A running pin, a shut-off pin, a VF with an address: none is ever given away, before and after two reboots."""
    host.reset(eth3=5, eth4=2)
    vfs = host.functions("eth3")
    host.machine.write("/etc/lab-extra", EXTRA)
    host.run("sh -e /etc/lab-extra")
    host.define(Guest("pin", [NIC(MAC[1], pinned=vfs[0])]), autostart=True)
    host.define(Guest("off", [NIC(MAC[2], pinned=vfs[1])]))
    host.define(*(Guest(name, [NIC(MAC[3 + n], network="vfpool-eth3")]) for n, name in enumerate(POOLED)), autostart=True)
    host.start("pin")
    host.vfpool("create eth3")
    reserved = [port[2] for port in host.ports("vfpool-eth3")]
    host.equal("held VFs are reserved in the live pool", sorted(reserved), sorted(vfs[:3]))
    host.equal("the next boot hands out the others only", sorted(host.listed("vfpool-eth3") or []), sorted(vfs[3:5]))
    host.start("u1", "u2", wait=False)
    held_stay_held(host, vfs, "before")
    for when in ("after a reboot", "after another"):
        host.reboot()
        started_by_libvirt(host, when)
        held_stay_held(host, vfs, when)
        host.vfpool("reconcile")


def started_by_libvirt(host, when):
    """Two of three pooled guests and the pin; one that died in early boot is the lab's doing."""
    host.check(f"{when}: the pool is active", host.network_info("vfpool-eth3")["Active"] == "yes")
    begun = {name for name in ("pin",) + POOLED
             if host.machine.run(f"journalctl -q -b --no-pager | grep -q 'New machine qemu.*-{name}\\.'").status == 0}
    host.check(f"{when}: the pin and two pooled guests came up by themselves", "pin" in begun and len(begun) == 3, begun)
    for name in sorted(begun - host.running()):
        host.ready(name)
