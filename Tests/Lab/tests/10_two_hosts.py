"""Two lab hosts: a guest with a failover NIC moves from one to the other and back while it runs, by the network between them."""
from failover import carried, has, kept, mark
from guests import NIC, Guest
from host import on

MAC = "52:54:00:fa:10:01"
# Of the bridges, one on each host; the guest pings both.
BRIDGES = ("10.9.0.101", "10.9.0.102")
SPEC = "version: 1\npools:\n  vfpool-eth3: {pf: eth3}\n"
# As docs/howto/live-migration.md has it.
MIGRATE = "virsh -q migrate --live --persistent --undefinesource"


@on(eth3=2, eth4=0, hosts=2)
def test_live_migration(first, second):
    """A guest that moves there and back, and the network cut meanwhile: same MAC, same run, a VF of the pool it is at, none elsewhere."""
    both = (first, second)
    vfs, made_up = {}, {}
    for host, bridge in zip(both, BRIDGES):
        # On the other port: a card's switch does not pass unicast between a port's VFs and a bridge on it.
        host.run("ip link add br0 address $(cat /sys/class/net/eth4/address) type bridge && ip link set eth4 master br0 && "
                 f"ip link set br0 up && ip addr add {bridge}/24 dev br0")
        host.machine.write("/root/spec.yaml", SPEC)
        host.vfpool("apply -f /root/spec.yaml --yes")
        vfs[host] = host.functions("eth3")
        made_up[host] = host.table("eth3")
    first.define(Guest("a", [NIC(MAC, pinned=vfs[first][1])], ip="10.9.0.1/24", ping=",".join(BRIDGES)))

    first.step("a pair, of a VF of the pool and a virtio NIC on the bridge")
    first.vfpool("bind a --failover br0")
    first.start("a")
    has(first, "a", MAC, "igbvf", "virtio_net")
    carried(first, "a", *BRIDGES, by_virtio=False)
    said = first.vfpool(f"check-migration a --to {uri(second)}")
    first.check("vfpool sees nothing in the way of a move", "FAIL" not in said and "PASS  target-free-vfs" in said, said)

    first.step("the network between the hosts is cut while memory is copied")
    since = mark(first, "a")
    first.run(f"systemd-run -q --unit lab-migration {MIGRATE} --p2p --bandwidth 1 a {uri(second)}")
    has(first, "a", MAC, "virtio_net")
    # Slower than libvirt's 1 MiB/s: what is asked meanwhile takes long on a busy machine.
    first.run("virsh -q qemu-monitor-command a --hmp 'migrate_set_parameter max-bandwidth 300k'")
    second.equal("there the guest waits", second.run("virsh -q domstate --reason a").strip(), "paused (migrating)")
    said = first.vfpool("status a --hosts kvm1,kvm2 --timeout 100")
    first.check("vfpool shows it on both hosts", "kvm1  a " in said and "kvm2  a " in said, said)
    said = first.run("vfpool doctor --hosts kvm1,kvm2 --problems --timeout 100; true")
    first.check("and does not take it for one that runs twice",
                "NOTE  fleet-guests" in said and "is being migrated between kvm1 and kvm2" in said and "FAIL" not in said, said)
    second.run("ip link set wire0 down")
    carried(first, "a", *BRIDGES, by_virtio=True)
    has(first, "a", MAC, "igbvf", "virtio_net")
    carried(first, "a", *BRIDGES, by_virtio=False)
    kept(first, "a", MAC, since)
    first.eventually("the migration has failed", lambda: (
        (state := first.machine.run("systemctl is-active lab-migration").out.strip()) == "failed", state))
    second.eventually("nothing is left of the guest on the other host", lambda: (
        (left := (second.run("virsh -q list --all --name").split(), second.holders(), second.ports("vfpool-eth3"))) == ([], {}, []),
        left))
    second.eventually("whose VFs are as they were", lambda: (
        (seen := (second.table("eth3"), set(second.drivers("eth3").values()))) == (made_up[second], {"igbvf"}), seen))
    second.run("ip link set wire0 up")
    is_at(first, second, vfs)

    since = mark(first, "a")
    for here, there in (both, both[::-1]):
        there.step(f"a live migration from {name(here)} to {name(there)}")
        said = here.vfpool(f"check-migration a --to {uri(there)}")
        here.check("vfpool sees nothing in its way", "FAIL" not in said, said)
        with there.taking("a", here):
            here.run(f"{MIGRATE} a {uri(there)}", limit=600)
        has(there, "a", MAC, "igbvf", "virtio_net")
        carried(there, "a", *BRIDGES, by_virtio=False)
        kept(there, "a", MAC, since)
        there.equal("it has booted once", there.console("a").text.count("GUEST-READY"), 1)
        is_at(there, here, vfs)
        here.check("the VFs that it left are as they were", here.table("eth3") == made_up[here], here.table("eth3"))
        here.equal("nothing of it is left there", here.run("virsh -q list --all --name").split(), [])
        said = there.vfpool("status a --hosts kvm1,kvm2 --timeout 100")
        there.check(f"vfpool finds it on {name(there)}", f"{name(there)}  a " in said and f"not on {name(here)}" in said, said)
        if there is second:
            said = first.vfpool("undo --dry-run", refused=True)
            first.check("what was done to it here can't be undone here: it is gone", "guest a is gone" in said, said)
            said = second.vfpool("log")
            second.check("the log there has what vfpool did there", "apply" in said and "bind" not in said, said)

    first.step("the way back")
    first.stop("a")
    first.vfpool("unbind a")
    pinned = [found.get("type") for found in first.document("a", "--inactive").iterfind("devices/interface")]
    first.equal("the guest has its pinned VF again", pinned, ["hostdev"])


def name(host):
    return f"kvm{host.machine.number}"


def uri(host):
    return f"qemu+ssh://{name(host)}/system"


def is_at(here, there, vfs):
    """The guest has one VF of the pool here, with its MAC, and none there; vfpool says so on both."""
    taken = here.holders().get("a", [])
    here.check("it has one VF of the pool", len(taken) == 1 and taken[0] in vfs[here], taken)
    here.equal("with its MAC", here.table("eth3")[vfs[here].index(taken[0])][0], MAC)
    here.equal("which the pool gave it", here.ports("vfpool-eth3"), [("a", MAC, taken[0])])
    there.equal("there it has none", (there.holders(), there.ports("vfpool-eth3")), ({}, []))
    for host, has_it in ((here, True), (there, False)):
        said = host.vfpool("list")
        taken = said.splitlines()[1].split()[4:]
        host.check(f"so says vfpool on {name(host)}", taken == (["1", "1", "a"] if has_it else ["0", "2", "—"]), said)
        said = host.run("vfpool doctor --problems; true")
        host.check("and its doctor sees nothing wrong", not any(line.startswith(("FAIL", "WARN")) for line in said.splitlines()), said)
