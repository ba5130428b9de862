"""5.3: VFs that are there at boot, before libvirt, by `vfpool boot`: fewer, more, of a port with another name, and late."""
from guests import NIC, Guest

MAC = "52:54:00:bb:05:01"
COUNT = "cat /sys/bus/pci/devices/{}/sriov_numvfs"


def address(host, port):
    return host.run(f"basename $(readlink /sys/class/net/{port}/device)").strip()


def unit(where):
    return f"vfpool-vfs@{where}.service"


def state(host, name):
    return host.machine.run(f"systemctl is-active {name}").out.strip()


def waited_for(host, where):
    """Whether systemd had the VFs made before it started libvirt."""
    return host.run(
        f"systemctl show -p ActiveEnterTimestampMonotonic --value '{unit(where)}';"
        " systemctl show -p ExecMainStartTimestampMonotonic --value libvirtd.service").split()


def test_vfs_are_there_before_libvirt(host):
    """A guest on a pool starts by itself over reboots that bring fewer VFs, more, and another name of the port."""
    where = address(host, "eth3")
    # The lab's own way of making VFs: vfpool would leave the count to it.
    out = host.vfpool("boot eth3 --vfs-count 4", refused=True)
    host.check("a second master is refused", "vfs-set-elsewhere" in out and "lab-vfs" in out, out)
    host.run("systemctl -q disable lab-vfs.service")
    host.define(Guest("a", [NIC(MAC, network="vfpool-eth3")]), autostart=True)
    host.vfpool("create eth3")
    host.vfpool("boot eth3 --vfs-count 4 --no-host-driver")
    host.check("systemd calls the unit enabled", host.run(f"systemctl is-enabled '{unit(where)}'").strip() == "enabled")

    host.reboot()
    host.equal("the port has the count of the file", host.run(COUNT.format(where)).strip(), "4")
    made, started = waited_for(host, where)
    host.check("the VFs were made before libvirt started", 0 < int(made) < int(started), (made, started))
    host.check("the pool came up by itself", host.network_info("vfpool-eth3")["Active"] == "yes")
    host.check("the guest on it was started by libvirt itself", "a" in host.run("virsh -q list --name").split())
    host.check("doctor is content with the boot", "vfs-" not in host.run("vfpool doctor eth3 --problems || true"))

    host.vfpool("boot eth3 --vfs-count 6")
    host.run("sed -i s/^Name=eth3/Name=uplink0/ /etc/systemd/network/10-eth3.link")
    host.reboot()
    host.equal("more VFs, under another name", host.run("cat /sys/class/net/uplink0/device/sriov_numvfs").strip(), "6")
    host.run(f"systemctl start vfpool-reconcile.service; journalctl -q -b -u vfpool-reconcile --no-pager | tail -5")
    host.check("the pool follows its port", host.network_info("vfpool-eth3")["Active"] == "yes")
    host.equal("and hands out all of its VFs", host.network("vfpool-eth3", "--inactive").find("forward/pf").get("dev"), "uplink0")

    host.run(
        f"systemctl -q disable '{unit(where)}' && printf '[Unit]\\nAfter=libvirtd.service lab-up.service\\n[Service]\\nType=oneshot\\n"
        f"ExecStart=systemctl start {unit(where)}\\n[Install]\\nWantedBy=multi-user.target\\n' > /etc/systemd/system/late.service"
        " && systemctl daemon-reload && systemctl -q enable late.service")
    host.reboot()
    host.run(f"for n in $(seq 60); do systemctl -q is-active '{unit(where)}' && break; sleep 1; done")
    host.equal("VFs that appear late are there", host.run(COUNT.format(where)).strip(), "6")
    host.run("systemctl start vfpool-reconcile.service")
    host.check("and the pool that failed is mended", host.network_info("vfpool-eth3")["Active"] == "yes")
    host.run("virsh -q start a || virsh -q list --name | grep -qx a")
