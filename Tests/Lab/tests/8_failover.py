"""Failover NICs: a virtio NIC and a VF that the guest sees as one, which keeps its link when the VF goes, as a live migration needs."""
import xml.etree.ElementTree as tree

from failover import carried, has, kept, mark
from guests import NIC, Guest
from host import on, pci

MAC = {"a": "52:54:00:fa:00:01", "v": "52:54:00:fa:00:02"}
BRIDGE = "10.9.0.100"
# A libvirt of its own, beside the first one: to that, another host, whose pool of the same name has the other port's VFs.
OTHER = "qemu+unix:///system?socket=/srv/other/libvirt-sock"
START_OTHER = f"""
mkdir -p /srv/other/etc /srv/other/lib && cp -a /etc/libvirt/*.conf /srv/other/etc/
printf 'unix_sock_dir = "/srv/other"\\nhost_uuid = "0b9e0f4e-0000-4000-8000-0000000000b2"\\n' > /srv/other/etc/libvirtd.conf
# Both write to one console of the guest, and would quarrel over whose it is.
echo 'remember_owner = 0' >> /srv/other/etc/qemu.conf
systemd-run -q --unit lab-other -p Delegate=yes -p BindPaths='/srv/other/etc:/etc/libvirt /srv/other/lib:/var/lib/libvirt' \\
    -p TemporaryFileSystem='/run/libvirt /run/dbus' /usr/sbin/libvirtd --pid-file /srv/other/pid
for second in $(seq 60); do virsh -q -c '{OTHER}' list >/dev/null 2>&1 && break; sleep 1; done
echo "<network><name>vfpool-eth3</name><forward mode='hostdev' managed='yes'><pf dev='eth4'/></forward></network>" > /tmp/other.xml
virsh -q -c '{OTHER}' net-define /tmp/other.xml && virsh -q -c '{OTHER}' net-start vfpool-eth3
"""


@on(eth3=2, eth4=2)
def test_failover_and_live_migration(host):
    """One NIC in the guest, with the MAC that it had; the VF unplugged and plugged; a live migration called off, and there and back."""
    vfs = {port: host.functions(port) for port in ("eth3", "eth4")}
    # With the port's own MAC, as a bridge has by itself: the emulated card passes from a VF what is for that, and no other unicast.
    host.run("ip link add br0 address $(cat /sys/class/net/eth3/address) type bridge && ip link set eth3 master br0 && "
             f"ip link set br0 up && ip addr add {BRIDGE}/24 dev br0 && ip link set eth4 up")
    host.run(START_OTHER)
    host.define(
        Guest("a", [NIC(MAC["a"], pinned=vfs["eth3"][1])], ip="10.9.0.1/24", ping=BRIDGE),
        Guest("v", [NIC(MAC["v"], bridge="br0")], ip="10.9.0.2/24", ping=BRIDGE, spare=1))
    before = {name: interfaces(host, name) for name in MAC}
    document = inactive(host, "v")
    host.vfpool("create eth3")

    host.step("a guest with a pinned VF")
    host.start("a")
    host.sees("a", MAC["a"])
    said = host.run(f"virsh migrate --live a '{OTHER}' --migrateuri tcp:127.0.0.1 2>&1", refused=True)
    # libvirt 9, and 11
    refusals = ("VFIO device doesn't support migration", "VFIO migration is not supported in kernel")
    host.check("it can't be migrated", any(text in said for text in refusals), said)
    said = host.vfpool(f"check-migration a --to '{OTHER}' --problems", refused=True)
    host.check("and vfpool says so", "FAIL  pair" in said and "--failover" in said, said)
    host.stop("a")

    host.step("pairs: of it, and of a running guest with a virtio NIC on the bridge")
    host.vfpool("bind a --failover br0")
    host.start("a", "v")
    host.vfpool("bind v --failover br0 --live --yes")
    for name in MAC:
        has(host, name, MAC[name], "igbvf", "virtio_net")
        carried(host, name, BRIDGE, by_virtio=False)
        host.host_reaches({"a": "10.9.0.1", "v": "10.9.0.2"}[name], by="br0")

    host.step("the VF is unplugged, and plugged again")
    since = mark(host, "v")
    host.run("virsh -q detach-device-alias v ua-vf-525400fa0002 --live")
    has(host, "v", MAC["v"], "virtio_net")
    carried(host, "v", BRIDGE, by_virtio=True)
    host.equal("its VF is the pool's again", [port[0] for port in host.ports("vfpool-eth3")], ["a"])
    host.vfpool("bind v --live --yes")
    has(host, "v", MAC["v"], "igbvf", "virtio_net")
    carried(host, "v", BRIDGE, by_virtio=False)
    kept(host, "v", MAC["v"], since)

    host.step("a live migration, called off while memory is copied")
    since = mark(host, "a")
    host.run(f"systemd-run -q --unit lab-migration virsh migrate --live --bandwidth 1 a '{OTHER}' --migrateuri tcp:127.0.0.1")
    has(host, "a", MAC["a"], "virtio_net")
    carried(host, "a", BRIDGE, by_virtio=True)
    said = host.run("virsh -q domjobinfo a")
    host.check("the migration goes on", "Outgoing migration" in said, said)
    host.run("virsh -q domjobabort a")
    has(host, "a", MAC["a"], "igbvf", "virtio_net")
    carried(host, "a", BRIDGE, by_virtio=False)
    kept(host, "a", MAC["a"], since)

    host.step("a live migration to another host")
    since = mark(host, "a")
    said = host.vfpool(f"check-migration a --to '{OTHER}'")
    host.check("vfpool sees nothing in its way", "FAIL" not in said and "PASS  target-free-vfs" in said, said)
    host.run(f"virsh -q migrate --live a '{OTHER}' --migrateuri tcp:127.0.0.1")
    host.expected.discard("a")
    host.equal("the guest runs there", (host.running(), host.run(f"virsh -q -c '{OTHER}' list --name").split()), ({"v"}, ["a"]))
    has(host, "a", MAC["a"], "igbvf", "virtio_net")
    carried(host, "a", BRIDGE, by_virtio=False, uri=OTHER)
    taken = [pci(found) for found in tree.fromstring(
        host.run(f"virsh -q -c '{OTHER}' dumpxml a")).iterfind("devices/interface/source/address")]
    host.check("on a VF of that host's pool", len(taken) == 1 and taken[0] in vfs["eth4"], taken)
    host.equal("with its MAC", host.table("eth4")[vfs["eth4"].index(taken[0])][0], MAC["a"])
    host.equal("its old VF is the pool's again", [port[0] for port in host.ports("vfpool-eth3")], ["v"])
    host.run(f"virsh -q -c '{OTHER}' migrate --live a qemu:///system --migrateuri tcp:127.0.0.1")
    host.equal("and is back again", host.running(), {"a", "v"})
    has(host, "a", MAC["a"], "igbvf", "virtio_net")
    carried(host, "a", BRIDGE, by_virtio=False)
    kept(host, "a", MAC["a"], since)

    host.step("stop and start")
    host.stop("a", "v")
    host.equal("nothing is left in the pool", host.ports("vfpool-eth3"), [])
    host.start("a")
    has(host, "a", MAC["a"], "igbvf", "virtio_net")
    host.stop("a")

    host.step("the way back")
    for name in MAC:
        host.vfpool(f"unbind {name}")
        host.equal(f"guest {name} has the interface it had", interfaces(host, name), before[name])
    host.equal("and nothing else has changed", inactive(host, "v"), document)


def interfaces(host, name):
    return [tree.tostring(found, encoding="unicode") for found in host.document(name, "--inactive").iterfind("devices/interface")]


def inactive(host, name):
    return host.run(f"virsh -q dumpxml {name} --inactive --security-info")
