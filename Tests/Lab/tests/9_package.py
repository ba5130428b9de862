"""The package on a host that lives by it: installed, upgraded, removed, purged. Nobody loses a VF, a MAC or a start."""
import os
import subprocess
import tempfile

from guests import NIC, Guest
from host import Skipped, on

MAC = {"a": "52:54:00:bb:09:01", "pin": "52:54:00:bb:09:02", "later": "52:54:00:bb:09:03"}
TOP = os.path.realpath(f"{os.path.dirname(__file__)}/../../..")
HOOK = "/etc/libvirt/hooks/network.d/vfpool"


def packages(host, folder):
    """The .deb of the vfpool that is tested, and the same as an earlier version."""
    if subprocess.run([f"{TOP}/Tests/Package/prerequisites"], stdin=subprocess.DEVNULL).returncode:
        raise Skipped("what packages are made with can't be had")
    words = ["make", "-s", "deb", "SWIFT=true", "SETUP=", f"BIN={os.path.realpath(host.machine.vfpool)}", f"DIST={folder}"]
    made = subprocess.run(words, cwd=TOP, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    host.check("the package is made", made.returncode == 0, made.stdout[-2000:])
    new = next(f"{folder}/{name}" for name in os.listdir(folder) if name.startswith("vfpool_") and name.endswith(".deb"))
    subprocess.run([f"{TOP}/Tests/Package/earlier", new, f"{folder}/earlier"], check=True)
    host.machine.copy(new, "/root/vfpool.deb")
    host.machine.copy(f"{folder}/earlier", "/root/earlier.deb")


def held(host):
    """Who has which VF, by libvirt, and with which MAC, by the kernel; what the pool has given."""
    return host.holders(), host.table("eth3"), host.ports("vfpool-eth3")


def units(host):
    return host.run("systemctl list-unit-files --no-legend 'vfpool*' | awk '{ print $1, $2 }' | sort")


def failed_units(host):
    return [line for line in host.run("systemctl list-units --failed --no-legend --plain 'vfpool*' || true").splitlines() if line]


@on(eth3=4, eth4=0)
def test_nobody_loses_anything(host):
    """A pool, a pinned guest, VFs at boot and the hook, through install, upgrade, removal, purge and a reboot without vfpool."""
    with tempfile.TemporaryDirectory() as folder:
        packages(host, folder)
    host.run("rm /usr/local/bin/vfpool")

    host.step("install")
    host.run("dpkg -i /root/earlier.deb 2>&1")
    host.check("no unit is enabled by that", "enabled" not in units(host), units(host))
    host.run("systemctl -q disable lab-vfs.service")
    vfs = host.functions("eth3")
    host.define(Guest("a", [NIC(MAC["a"], network="vfpool-eth3")]), Guest("pin", [NIC(MAC["pin"], pinned=vfs[0])]), autostart=True)
    host.define(Guest("later", [NIC(MAC["later"], network="vfpool-eth3")]))
    host.vfpool("create eth3")
    host.vfpool("boot eth3 --vfs-count 4")
    host.vfpool("hook install")
    host.vfpool("set vfpool-eth3 --max-rate 100")
    host.run("systemctl restart libvirtd && virsh -q list >/dev/null")
    host.start("pin", "a", wait=False)
    before, enabled = held(host), units(host)
    host.equal("each guest has a VF", sorted(before[0]), ["a", "pin"])
    host.check("the package's units are enabled", "vfpool-reconcile.timer enabled" in enabled, enabled)

    host.step("upgrade")
    said = host.run("dpkg -i /root/vfpool.deb 2>&1")
    host.check("there are no copies of units to be told of", "has copies of units" not in said, said)
    host.equal("everybody has what they had", held(host), before)
    host.equal("what was enabled is", units(host), enabled)
    host.check("it is another version", "0.0.1" not in host.run("dpkg-query -W vfpool"))
    host.vfpool("status")

    host.step("remove")
    host.run("dpkg -r vfpool 2>&1")
    host.equal("everybody has what they had", held(host), before)
    host.check("the hook is there, without its program",
               host.run(f"test -x {HOOK} && ! command -v vfpool && echo so").strip() == "so")
    host.start("later", wait=False)
    has = host.holders()["later"]
    host.check("a guest starts, on a VF of its own", has[0] in vfs and has not in (before[0]["a"], before[0]["pin"]), has)
    host.equal("with its MAC", host.table("eth3")[vfs.index(has[0])][0], MAC["later"])
    host.stop("later")
    host.equal("no unit of vfpool's has failed", failed_units(host), [])

    host.step("remove, and install once more")
    host.run("dpkg -i /root/vfpool.deb 2>&1")
    host.equal("what was enabled is", units(host), enabled)
    running = host.run("systemctl is-active vfpool-reconcile.timer vfpool-reconcile.path vfpool-reload.service || true").split()
    host.equal("and runs again", running, ["active"] * 3)
    host.check("everybody has what they had", (host.holders(), host.ports("vfpool-eth3")) == (before[0], before[2]))
    host.run("dpkg -r vfpool 2>&1")

    host.step("purge")
    said = host.run("dpkg -P vfpool 2>&1")
    for path in ("/etc/systemd/system/vfpool-vfs@.service", "/etc/vfpool", "/var/lib/vfpool"):
        host.check(f"it says that {path} stays, and so it does", path in said and host.run(f"ls -d {path}"), said)
    host.check("it says that pools stay", "pools stay" in said, said)
    host.check("the hook is gone", host.run(f"ls {HOOK} 2>&1 || true").strip().endswith("No such file or directory"))
    where = host.run("basename $(readlink /sys/class/net/eth3/device)").strip()
    links = host.run("cd /etc/systemd/system && find . -path '*.wants/vfpool*' -printf '%f\\n'").split()
    host.equal("one unit is enabled: that which makes VFs", links, [f"vfpool-vfs@{where}.service"])
    host.check("everybody has what they had", (host.holders(), host.ports("vfpool-eth3")) == (before[0], before[2]))

    host.step("a reboot without vfpool")
    host.reboot()
    host.equal("the VFs are there", len(host.functions("eth3")), 4)
    host.equal("libvirt has started both guests", host.expected, {"a", "pin"})
    after = host.holders()
    host.equal("the pinned guest has its VF", after["pin"], [vfs[0]])
    host.check("the other has one of the pool", after["a"] != after["pin"], after)
    host.equal("no unit of vfpool's has failed", failed_units(host), [])
    host.ready("a", "pin")
    for name in ("a", "pin"):
        host.sees(name, MAC[name])

    host.step("install again")
    host.run("dpkg -i /root/vfpool.deb 2>&1")
    said = host.vfpool("status")
    host.check("it knows the pool and who has its VFs", " a " in said and " pin " in said, said)
    host.check("and its journal", "vfpool create eth3" in host.vfpool("log"))
