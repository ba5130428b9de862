"""4d, and the hot-plug of 4e: interfaces of running guests."""
from guests import NIC, Guest
from host import on

MAC = {"a": "52:54:00:dd:00:01", "v": "52:54:00:dd:00:02", "more": "52:54:00:dd:00:03"}
# As libvirt calls it when a pool is asked for a VF: it refuses while the file is there.
HOOK = """#!/bin/sh
[ "$2" = port-created ] && [ -e /run/lab-refuse ] && { echo refused by the lab >&2; exit 1; }
exit 0
"""


@on(eth3=3, eth4=2)
def test_interfaces_of_running_guests_move(host):
    """bind --live from a pinned VF of another port and from a bridge; a failure halfway; a NIC plugged, and unplugged."""
    old, vfs = host.functions("eth4")[1], host.functions("eth3")
    host.machine.write("/etc/libvirt/hooks/network", HOOK)
    host.run("chmod 755 /etc/libvirt/hooks/network; systemctl restart libvirtd; virsh -q list >/dev/null")
    host.run("ip link add br0 type bridge && ip link set br0 up && ip addr add 10.9.0.100/24 dev eth3")
    host.define(
        Guest("a", [NIC(MAC["a"], pinned=old)], ip=f"{MAC['a']}=10.9.0.1/24", spare=2),
        Guest("v", [NIC(MAC["v"], bridge="br0")], ip="10.9.0.2/24", spare=2))
    host.vfpool("create eth3")
    host.start("a", "v")
    host.sees("a", MAC["a"])
    host.equal("guest v has an emulated NIC", host.console("v").nics[MAC["v"]]["driver"], "virtio_net")

    host.step("from a pinned VF, failing between unplug and plug")
    document = host.run("virsh -q dumpxml a --inactive")
    host.run("touch /run/lab-refuse")
    out = host.vfpool("bind a --pool vfpool-eth3 --live --wait 120 --yes", refused=True)
    host.run("rm /run/lab-refuse")
    host.say("    (refused: " + out.strip().splitlines()[-1] + ")")
    host.equal("the guest has its old VF again", host.holders()["a"], [old])
    host.equal("its document is what it was", host.run("virsh -q dumpxml a --inactive"), document)
    host.eventually("the guest lost its NIC and has it again", lambda: (
        MAC["a"] in (c := host.console("a")).nics and any(MAC["a"] not in block for block in c.history), c.history))
    host.equal("nothing is left in the pool", host.ports("vfpool-eth3"), [])

    host.step("from a pinned VF, going through")
    host.vfpool("bind a --pool vfpool-eth3 --live --wait 120 --yes")
    moved(host, "a", vfs)
    host.equal("the old VF is back on its host driver", host.driver(old), "igbvf")
    host.host_reaches("10.9.0.1")

    host.step("from a bridge")
    host.vfpool("bind v --pool vfpool-eth3 --live --wait 120 --yes")
    moved(host, "v", vfs)
    host.host_reaches("10.9.0.2")

    host.step("a NIC more, and away again")
    held, tables = host.holders(), host.table("eth3")
    host.vfpool(f"bind a --pool vfpool-eth3 --add --mac {MAC['more']} --live --wait 120 --yes")
    host.sees("a", MAC["more"])
    plugged = set(host.holders()["a"]) - set(held["a"])
    host.check("the guest has a second VF of the pool", len(plugged) == 1 and plugged <= set(vfs), plugged)
    host.vfpool("undo --yes")
    host.equal("undone: the guests have what they had", host.holders(), held)
    host.eventually("the guest's NIC is gone", lambda: (MAC["more"] not in (n := host.console("a").nics) and len(n) == 1, n))
    host.eventually("its VF is back on its host driver", lambda: ((d := host.driver(*plugged)) == "igbvf", d))
    host.equal("the port's MACs are as before", host.table("eth3"), tables)
    host.equal("two ports are left in the pool", [(p[0], p[1]) for p in host.ports("vfpool-eth3")], [("a", MAC["a"]), ("v", MAC["v"])])


def moved(host, name, vfs):
    """A guest's only NIC is on a VF of the pool: by the host, by the guest, and by its document."""
    new = host.holders()[name]
    host.check(f"guest {name} has a VF of the pool", len(new) == 1 and new[0] in vfs, new)
    host.equal("the port has its MAC", host.table("eth3")[vfs.index(new[0])][0], MAC[name])
    host.eventually("the link came back in the guest, same MAC", lambda: (
        (c := host.console(name)).nics.get(MAC[name], {}).get("link") is True and list(c.nics) == [MAC[name]], c.text[-500:]))
    host.sees(name, MAC[name])
    source = host.document(name, "--inactive").find("devices/interface/source")
    host.equal("and so its next start", source.get("network"), "vfpool-eth3")
