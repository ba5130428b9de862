"""VF settings that libvirt has no words for: given by vfpool's hook at every start, taken back at every stop."""
import json

from guests import NIC, Guest
from host import on

MAC = {"a": "52:54:00:ff:00:01", "b": "52:54:00:ff:00:02", "port": "52:54:00:ff:00:03", "own": "52:54:00:ff:00:04"}
# What libvirt does when a guest starts, without a guest: the VF, the pool's first free one, stays on the host, where its effect
# can be tried.
PORT = """<networkport><uuid>{uuid}</uuid><owner><name>{guest}</name><uuid>{owner}</uuid></owner><mac address='{mac}'/></networkport>"""


def row(host, index):
    """What the kernel says of one VF: trust, spoof check, highest rate, VLAN and priority."""
    link = json.loads(host.run("ip -j -d link show dev eth3"))[0]
    vf = next(vf for vf in link["vfinfo_list"] if vf["vf"] == index)
    tags = [(tag.get("vlan", 0), tag.get("qos", 0)) for tag in vf.get("vlan_list", [])]
    return (vf["trust"], vf["spoofchk"], vf.get("rate", {}).get("max_tx", 0), tags[0] if tags else (0, 0))


@on(eth3=3, eth4=0)
def test_settings_at_every_start(host):
    """Trust, spoof check, rate and VLAN priority at each start, gone at each stop; what the card can't is refused at once."""
    vfs = host.functions("eth3")
    host.define(Guest("a", [NIC(MAC["a"], network="vfpool-eth3", vlan=42)]), Guest("b", [NIC(MAC["b"], network="vfpool-eth3")]))
    host.vfpool("create eth3")
    host.vfpool("hook install")
    host.run("systemctl restart libvirtd && virsh -q list >/dev/null")
    free = [row(host, index) for index in range(3)]

    host.step("what the card does not take")
    for words in ("--min-rate 10", "--link-state enable", "--vlan-protocol 802.1ad"):
        out = host.vfpool(f"set a {words}", refused=True)
        host.check(f"{words} is refused at once", "error[setting-refused]" in out, out)
    host.equal("the VF that it was tried on is as it was", [row(host, index) for index in range(3)], free)

    host.step("two starts")
    host.vfpool("set vfpool-eth3 --max-rate 100")
    host.vfpool("set a --trust on --spoof-check off --vlan-qos 3")
    host.equal("nothing is set before a guest starts", [row(host, index) for index in range(3)], free)
    for _ in range(2):
        host.start("a", "b")
        held = host.holders()
        host.equal("the kernel has what guest a wants", row(host, vfs.index(held["a"][0])), (True, False, 100, (42, 3)))
        host.equal("and what the pool wants of b's", row(host, vfs.index(held["b"][0])), free[0][:2] + (100, (0, 0)))
        host.sees("a", MAC["a"])
        host.run("systemctl restart libvirtd && virsh -q list >/dev/null")
        host.equal("a restart of the daemon changes nothing", row(host, vfs.index(held["a"][0])), (True, False, 100, (42, 3)))
        host.stop("a", "b")
        host.eventually("stopped: the kernel has what it had", lambda: (
            (now := [row(host, index) for index in range(3)]) == free, now), 20)


@on(eth3=3, eth4=0)
def test_trust_by_its_effect(host):
    """A VF that is trusted may change its MAC, although the port has set one; before and afterwards it may not."""
    vfs = host.functions("eth3")
    host.define(Guest("a", [NIC(MAC["port"], network="vfpool-eth3")]))
    host.vfpool("create eth3")
    host.vfpool("hook install")
    host.run("systemctl restart libvirtd && virsh -q list >/dev/null")
    host.vfpool("set a --trust on")
    netdev = host.run(f"ls /sys/bus/pci/devices/{vfs[0]}/net").strip()
    host.run(f"ip link set eth3 vf 0 mac {MAC['port']}")
    host.run(f"ip link set {netdev} address {MAC['own']}", refused=True)

    uuid = host.run("cat /proc/sys/kernel/random/uuid").strip()
    host.machine.write("/tmp/port.xml", PORT.format(
        uuid=uuid, guest="a", owner=host.run("virsh -q domuuid a").strip(), mac=MAC["port"]))
    host.run("virsh -q net-port-create vfpool-eth3 /tmp/port.xml")
    host.equal("the VF is trusted", row(host, 0)[0], True)
    host.run(f"ip link set {netdev} address {MAC['own']}")
    host.check("and may change its MAC", MAC["own"] in host.run(f"cat /sys/class/net/{netdev}/address"))
    host.run(f"virsh -q net-port-delete vfpool-eth3 {uuid}")
    host.equal("the port given back, it is not trusted", row(host, 0)[0], False)
    host.run(f"ip link set {netdev} address {MAC['port']} || true")
    host.run(f"ip link set {netdev} address {MAC['own']}", refused=True)
