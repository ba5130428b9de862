"""4b: what vfpool is for. Pinned plain hostdevs on eth4 beside a pool on eth3, over one reboot of the host."""
from guests import NIC, Guest

MAC = {"a": "52:54:00:bb:00:01", "b": "52:54:00:bb:00:02"}


def test_macs_survive_a_reboot(host):
    """Two guests on a pool, two with pinned plain hostdevs; the host reboots; who sees which MAC?"""
    host.reset(eth3=3, eth4=2)
    mine, theirs = host.functions("eth3"), host.functions("eth4")
    host.define(
        Guest("a", [NIC(MAC["a"], pinned=mine[0])]), Guest("b", [NIC(MAC["b"], pinned=mine[1])]),
        Guest("plain1", [NIC(pinned=theirs[0], plain=True)]), Guest("plain2", [NIC(pinned=theirs[1], plain=True)]),
        autostart=True)
    host.define(Guest("rival", [NIC(pinned=theirs[0], plain=True)]))
    host.vfpool("create eth3")
    host.vfpool("bind a b")
    everyone = ("b", "a", "plain1", "plain2")
    host.start(*everyone)
    vf_before = host.holders()
    for name in MAC:
        host.sees(name, MAC[name])
    plain = {name: sorted(host.console(name).nics) for name in ("plain1", "plain2")}
    host.check("each plainly pinned guest sees one MAC", all(len(macs) == 1 for macs in plain.values()), plain)

    host.reboot()
    host.check("the pool came up by itself", host.network_info("vfpool-eth3")["Active"] == "yes")
    started = {name: int(host.run(f"journalctl -q -b --no-pager | grep -c 'New machine qemu.*-{name}\\.' || true")) for name in MAC}
    host.check("the guests on it were started by libvirt itself", all(started.values()), started)
    host.ready(*everyone)
    for name in MAC:
        host.sees(name, MAC[name])
        host.equal(f"guest {name} sees no other NIC", list(host.console(name).nics), [MAC[name]])
    vf_after = host.holders()
    host.say(f"    (VFs before the reboot: {vf_before}; after: {vf_after})")
    host.check("no VF is with two guests", len({v for have in vf_after.values() for v in have}) == 4, vf_after)
    table = host.table("eth3")
    for name in MAC:
        host.equal(f"the port has guest {name}'s MAC for its VF", table[mine.index(vf_after[name][0])][0], MAC[name])

    again = {name: sorted(host.console(name).nics) for name in ("plain1", "plain2")}
    host.say(f"    (without vfpool: before {plain}, after {again})")
    host.check("without vfpool every guest sees new hardware: another MAC than before", all(plain[n] != again[n] for n in plain), again)
    out = host.run("virsh start rival 2>&1", refused=True)
    host.check("without vfpool a guest whose VF is taken can't start, though others are free", "in use" in out, out)

    host.stop("a", "b")
    first = vf_after["a"]
    host.start("a" if vf_after["b"] < first else "b", "b" if vf_after["b"] < first else "a")
    swapped = host.holders()
    host.check("started in the other order, each has the other's VF", swapped["a"] == vf_after["b"], swapped)
    for name in MAC:
        host.sees(name, MAC[name])
