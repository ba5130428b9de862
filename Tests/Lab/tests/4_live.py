"""4d: an interface of a running guest moves to a pool."""
from guests import NIC, Guest

MAC = "52:54:00:dd:00:01"
# As libvirt calls it when a pool is asked for a VF: it refuses while the file is there.
HOOK = """#!/bin/sh
[ "$2" = port-created ] && [ -e /run/lab-refuse ] && { echo refused by the lab >&2; exit 1; }
exit 0
"""


def test_bind_live(host):
    """From a pinned VF of the other port; a failure between unplug and plug puts it back; then it goes through."""
    host.reset(eth3=2, eth4=2)
    old = host.functions("eth4")[1]
    host.machine.write("/etc/libvirt/hooks/network", HOOK)
    host.run("chmod 755 /etc/libvirt/hooks/network; systemctl restart libvirtd; virsh -q list >/dev/null")
    host.define(Guest("a", [NIC(MAC, pinned=old)], ip="10.9.0.1/24", spare=2))
    host.run("ip addr replace 10.9.0.100/24 dev eth3")
    host.vfpool("create eth3")
    host.start("a")
    host.sees("a", MAC)
    document = host.run("virsh -q dumpxml a --inactive")

    host.run("touch /run/lab-refuse")
    out = host.vfpool("bind a --pool vfpool-eth3 --live --yes", refused=True)
    host.say("    (refused: " + out.strip().splitlines()[-1] + ")")
    host.equal("failed in the middle: the guest has its old VF again", host.holders()["a"], [old])
    host.equal("failed in the middle: its document is what it was", host.run("virsh -q dumpxml a --inactive"), document)
    host.eventually("failed in the middle: the guest lost its NIC and has it again", lambda: (
        MAC in (c := host.console("a")).nics and any(MAC not in block for block in c.history), c.history))
    host.equal("failed in the middle: nothing is left in the pool", host.ports("vfpool-eth3"), [])

    host.run("rm /run/lab-refuse")
    host.vfpool("bind a --pool vfpool-eth3 --live --yes")
    new = host.holders()["a"]
    host.check("the guest has a VF of the pool", len(new) == 1 and new[0] in host.functions("eth3"), new)
    host.equal("the old VF is back on its host driver", host.driver(old), "igbvf")
    host.equal("the port has its MAC", host.table("eth3")[host.functions("eth3").index(new[0])][0], MAC)
    host.eventually("the link came back in the guest, same MAC", lambda: (
        (c := host.console("a")).nics.get(MAC, {}).get("link") is True and len(c.nics) == 1, c.text[-500:]))
    host.host_reaches("10.9.0.1")
    source = host.document("a", "--inactive").find("devices/interface/source")
    host.equal("and so its next start", source.get("network"), "vfpool-eth3")
