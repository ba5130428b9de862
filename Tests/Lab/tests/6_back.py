"""4g: undo and delete leave the host as it was before vfpool came."""
from guests import NIC, Guest

MAC = {n: f"52:54:00:ff:00:0{n}" for n in range(1, 10)}


def picture(host):
    """All that vfpool could have changed, by others' words."""
    names = host.run("virsh -q list --all --name").split()
    return {
        "guests": {name: host.run(f"virsh -q dumpxml {name} --inactive --security-info") for name in names},
        "autostart": host.run("virsh -q list --all --autostart --name"),
        "networks": host.run("virsh -q net-list --all"),
        "network files": host.run("cd /etc/libvirt/qemu/networks && find . | sort"),
        "drivers": host.drivers("eth3"),
        "VF table": host.table("eth3"),
        "VF netdevs": sorted(host.run("cat /sys/class/net/eth3/device/virtfn*/net/*/address").split()),
        "overrides": host.run("cat /sys/class/net/eth3/device/virtfn*/driver_override"),
    }


def same(host, what, before):
    def look():
        now = picture(host)
        return now == before, {key: (now[key], "before:", before[key]) for key in before if now[key] != before[key]}
    host.eventually(f"{what}: {', '.join(before)} are as before", look, 20)


def test_the_host_is_as_it_was(host):
    """create, bind, a guest's life; then unbind and delete; then all of it again, and undo, step by step."""
    host.reset(eth3=2, eth4=0)
    vfs = host.functions("eth3")
    host.define(Guest("a", [NIC(MAC[1], pinned=vfs[0])]), autostart=True)
    host.define(Guest("b", [NIC(MAC[2], pinned=vfs[1], vlan=7)]))
    before = picture(host)
    host.vfpool("create eth3")
    host.vfpool("bind a b")
    host.check("there is something to put back", picture(host)["guests"] != before["guests"])
    host.start("b", wait=False)
    host.ready("b")
    host.stop("b")
    host.vfpool("unbind a b")
    host.vfpool("delete vfpool-eth3")
    same(host, "unbind and delete", before)
    host.vfpool("create eth3")
    host.vfpool("bind a b")
    host.vfpool("undo --yes")
    host.vfpool("undo --yes")
    same(host, "undo twice", before)
