"""4b, 4c: what vfpool is for. Guests on a pool, pins, a VF of the host's own and, on another port, guests without vfpool, over
two reboots of the host."""
from guests import NIC, Guest
from host import on

MAC = {"a": "52:54:00:bb:00:01", "b": "52:54:00:bb:00:02", "late": "52:54:00:bb:00:03",
       "pin": "52:54:00:bb:00:04", "off": "52:54:00:bb:00:05"}
POOLED = ("a", "b")
# The host takes VF 2 for itself at each boot, before libvirt starts.
EXTRA = """
netdev=$(ls /sys/class/net/eth3/device/virtfn2/net)
ip addr replace 192.0.2.1/24 dev "$netdev"
ip link set "$netdev" up
"""


@on(eth3=5, eth4=2)
def test_macs_and_pins_survive_reboots(host):
    """Who has which VF and sees which MAC, before and after; beside it, pinned plain hostdevs without vfpool."""
    vfs, others = host.functions("eth3"), host.functions("eth4")
    host.machine.write("/etc/lab-extra", EXTRA)
    host.run("sh -e /etc/lab-extra")
    host.define(
        Guest("a", [NIC(MAC["a"], pinned=vfs[3])]), Guest("b", [NIC(MAC["b"], pinned=vfs[4])]),
        Guest("pin", [NIC(MAC["pin"], pinned=vfs[0])]), Guest("plain", [NIC(pinned=others[0], plain=True)]), autostart=True)
    host.define(
        Guest("off", [NIC(MAC["off"], pinned=vfs[1])]), Guest("late", [NIC(MAC["late"], network="vfpool-eth3")]),
        Guest("rival", [NIC(pinned=others[0], plain=True)]))

    host.step("a pool, while one pinned guest runs, one is shut off, and the host uses a VF itself")
    host.start("pin", wait=False)
    host.vfpool("create eth3")
    host.vfpool("bind a b")
    host.equal("held VFs are reserved in the live pool", sorted(port[2] for port in host.ports("vfpool-eth3")), sorted(vfs[:3]))
    host.equal("the next boot hands out the others only", sorted(host.listed("vfpool-eth3") or []), sorted(vfs[3:5]))
    host.start("b", "a", "plain", wait=False)
    host.ready("pin", "a", "b", "plain")
    seen(host)
    plain = sorted(host.console("plain").nics)
    host.check("the plainly pinned guest sees one MAC", len(plain) == 1, plain)
    before = held_stay_held(host, vfs, "before")

    host.step("a reboot")
    host.reboot()
    after = up_by_themselves(host)
    host.ready("pin", "a", "b", "plain")
    seen(host)
    host.say(f"    (VFs before the reboot: {before}; after: {after})")
    table = host.table("eth3")
    for name in POOLED:
        host.equal(f"the port has guest {name}'s MAC for its VF", table[vfs.index(after[name][0])][0], MAC[name])
    again = sorted(host.console("plain").nics)
    host.check("without vfpool a guest sees new hardware: another MAC than before", plain != again, (plain, again))
    out = host.refused_start("rival")
    host.check("without vfpool a guest whose VF is taken can't start, though another is free", "in use" in out, out)
    held_stay_held(host, vfs, "after the reboot")
    host.vfpool("reconcile")

    host.step("another reboot, then the pooled guests in another order")
    host.reboot()
    up_by_themselves(host)
    after = held_stay_held(host, vfs, "after another reboot")
    host.stop("a", "b")
    first = "a" if after["b"] < after["a"] else "b"
    host.start(first, "b" if first == "a" else "a", wait=False)
    swapped = host.holders()
    host.check("each has the other's VF", (swapped["a"], swapped["b"]) == (after["b"], after["a"]), swapped)
    table = host.table("eth3")
    for name in POOLED:
        host.equal(f"the port has guest {name}'s MAC for its VF", table[vfs.index(swapped[name][0])][0], MAC[name])


def seen(host):
    for name in ("pin", *POOLED):
        host.sees(name, MAC[name])
        host.equal(f"guest {name} sees no other NIC", list(host.console(name).nics), [MAC[name]])


def up_by_themselves(host):
    host.equal("the pool is active, by itself", host.network_info("vfpool-eth3")["Active"], "yes")
    host.check("libvirt has started the pooled guests and the pin", host.expected >= {"pin", *POOLED}, host.expected)
    return host.holders()


def held_stay_held(host, vfs, when):
    """Nobody has a VF that is another's; the shut-off pinned guest can start."""
    held = host.holders()
    host.equal(f"{when}: no VF is with two guests", len({vf for have in held.values() for vf in have}), len(held))
    host.equal(f"{when}: the running pinned guest has its VF", held.get("pin"), [vfs[0]])
    pooled = sorted(held.get(name, ["none"])[0] for name in POOLED)
    host.equal(f"{when}: two pooled guests run, on the two VFs that nobody holds", pooled, sorted(vfs[3:5]))
    host.equal(f"{when}: the host's VF is on the host's driver", host.driver(vfs[2]), "igbvf")
    host.check(f"{when}: the host's address is still on it",
               "192.0.2.1/24" in host.run("ip -br addr show dev $(ls /sys/class/net/eth3/device/virtfn2/net)"))
    out = host.refused_start("late")
    host.check(f"{when}: the pool is empty for the third", "none are available" in out, out)
    host.start("off", wait=False)
    host.equal(f"{when}: the shut-off pinned guest starts, on its VF", host.holders().get("off"), [vfs[1]])
    host.equal(f"{when}: the port has its MAC", host.table("eth3")[1][0], MAC["off"])
    host.stop("off")
    return held
