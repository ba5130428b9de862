"""Guests with VFs fixed in each spelling go to a pool while they run, and keep what they see over a stop and a reboot."""
from guests import NIC, Guest
from host import on

MAC = {"pin": "52:54:00:ab:00:01", "plain": "52:54:00:ab:00:02", "off": "52:54:00:ab:00:03"}


def settled(host, vfs):
    """Each guest sees its own MAC and no other, and no VF is with two of them."""
    for name in ("pin", "plain"):
        host.sees(name, MAC[name])
        host.equal(f"guest {name} sees no other NIC", list(host.console(name).nics), [MAC[name]])
    held = host.holders()
    host.check("no VF is with two guests", len({vf for have in held.values() for vf in have}) == len(held), held)
    table = host.table("eth3")
    for name, have in held.items():
        host.equal(f"the port has guest {name}'s MAC for its VF", table[vfs.index(have[0])][0], MAC[name])
    return held


@on(eth3=3, eth4=0)
def test_migrate_while_running(host):
    """A hostdev interface and a plain hostdev, running, and one that is shut off; as many guests as VFs."""
    vfs = host.functions("eth3")
    host.define(
        Guest("pin", [NIC(MAC["pin"], pinned=vfs[0])]), Guest("plain", [NIC(pinned=vfs[1], plain=True)]), autostart=True)
    host.define(Guest("off", [NIC(MAC["off"], pinned=vfs[2])]))
    host.run(f"ip link set eth3 vf 1 mac {MAC['plain']}; echo {vfs[1]} > /sys/bus/pci/drivers/igbvf/unbind; "
             f"echo {vfs[1]} > /sys/bus/pci/drivers_probe")
    host.start("pin", "plain")
    before = settled(host, vfs)

    host.step("migrated, all at once")
    said = host.vfpool("migrate --all --create-pools --yes")
    host.check("it says where the plain hostdev's MAC came from", "set on the VF through its PF" in said, said)
    for name in MAC:
        source = host.document(name, "--inactive").find("devices/interface/source")
        host.equal(f"guest {name}'s next start is on the pool", source.get("network"), "vfpool-eth3")
    host.equal("running guests have the VFs that they had", host.holders(), before)
    for name in ("pin", "plain"):
        host.equal(f"guest {name} saw nothing of it", len(host.console(name).history), 1)
    host.check("there is nothing left to do", "Nothing to do" in host.vfpool("migrate --all --yes"))
    host.equal("what running guests hold is reserved", sorted(port[2] for port in host.ports("vfpool-eth3")), sorted(vfs[:2]))

    host.step("a guest stops: its VF is the pool's, by vfpool's units alone")
    # The lab's own way of making VFs: vfpool would leave the count to it.
    host.run("systemctl -q disable lab-vfs.service")
    host.vfpool("boot eth3")
    host.run("systemctl daemon-reload && systemctl start vfpool-reconcile.path")
    host.stop("pin")
    host.eventually("its old VF is not reserved any more", lambda: (
        vfs[0] not in (ports := [port[2] for port in host.ports("vfpool-eth3")]), ports), 90)
    host.start("pin", "off", wait=False)
    host.equal("as many guests as VFs run", sorted(have[0] for have in host.holders().values()), sorted(vfs))
    host.stop("off")

    host.step("a reboot")
    host.reboot()
    host.equal("the pool is active, by itself", host.network_info("vfpool-eth3")["Active"], "yes")
    host.ready("pin", "plain")
    settled(host, vfs)
