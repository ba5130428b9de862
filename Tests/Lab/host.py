"""What tests do on the lab host, and what they see there: by ip, sysfs, virsh and the guests' consoles, never by vfpool."""
import json
import shlex
import time
import xml.etree.ElementTree as tree

from guests import CONSOLES, Console

PORTS = ("eth3", "eth4")
RESET = """
exec 2>/dev/null
rm -f /run/lab-refuse
if [ -e /etc/libvirt/hooks/network ]; then rm -f /etc/libvirt/hooks/network; restart=yes; fi
for guest in $(virsh -q list --all --name); do virsh -q destroy "$guest"; virsh -q undefine "$guest" --managed-save; done
for network in $(virsh -q net-list --all --name); do virsh -q net-destroy "$network"; virsh -q net-undefine "$network"; done
rm -rf /var/lib/vfpool /etc/lab-extra /var/log/libvirt/qemu/*
for link in $(ip -o link show type vlan | sed -n 's/^[0-9]*: \\([^@]*\\)@.*/\\1/p'); do ip link del "$link"; done
for namespace in $(ip netns list | cut -d' ' -f1); do ip netns del "$namespace"; done
for port in eth3 eth4; do ip addr flush dev $port; echo 0 > /sys/class/net/$port/device/sriov_numvfs; done
[ -z "$restart" ] || systemctl restart libvirtd
/usr/local/sbin/lab-vfs
"""


class Failed(Exception):
    """A check that does not hold."""


class Host:
    def __init__(self, machine, say):
        self.machine, self.say = machine, say
        self.guests = {}
        self.deaths = 0
        self.checks = 0

    # Doing

    def run(self, command, limit=240, refused=False, **more):
        """A command line that must succeed, or must not."""
        result = self.machine.run(command, limit=limit, **more)
        if (result.status != 0) != refused:
            raise Failed(("that was to be refused:\n" if refused else "that failed:\n") + result.text)
        return result.out

    def vfpool(self, words, refused=False):
        result = self.machine.run(f"vfpool {words}")
        if result.status in (70, 132, 133, 134, 139) or (result.status != 0) != refused:
            raise Failed(("that was to be refused:\n" if refused else "that failed:\n") + result.text)
        return result.out + result.err

    def reset(self, eth3=7, eth4=2):
        """No guest, no network, no trace of vfpool; new VFs, as many as named, whose MACs the kernel makes up."""
        self.guests = {}
        self.machine.write("/etc/lab-vfs", f"eth3 {eth3}\neth4 {eth4}\n")
        self.machine.run(RESET, limit=300)
        for port, count in (("eth3", eth3), ("eth4", eth4)):
            if len(self.functions(port)) != count:
                raise Failed(f"{port} has not got its {count} VFs")

    def define(self, *guests, autostart=False):
        for guest in guests:
            self.guests[guest.name] = guest
            self.machine.write(f"/tmp/{guest.name}.xml", guest.xml())
            self.run(f"virsh -q define /tmp/{guest.name}.xml" + (f" && virsh -q autostart {guest.name}" if autostart else ""))

    def start(self, *names, wait=True):
        for name in names:
            self.run(f"rm -f {CONSOLES}/{name}.console; virsh -q start {name}")
        if wait:
            self.ready(*names)

    def stop(self, *names):
        self.run(" && ".join(f"virsh -q destroy {name}" for name in names))

    def ready(self, *names, limit=480):
        """Waits until the guests have booted. A guest that dies before is the lab's doing: counted, told, started again."""
        waiting, starts = list(names), dict.fromkeys(names, 1)
        end = time.monotonic() + limit
        while waiting:
            states = self.run("; ".join(
                f"echo {name} $(grep -ac GUEST-READY {CONSOLES}/{name}.console 2>/dev/null) $(virsh domstate {name})" for name in waiting))
            for line in states.splitlines():
                name, *rest = line.split()
                if rest[:1] == ["1"]:
                    waiting.remove(name)
                elif "running" not in rest and name in waiting:
                    self._died(name, starts)
                    end = max(end, time.monotonic() + limit / 2)
            if waiting and time.monotonic() > end:
                raise Failed(f"not booted within {limit} s: {', '.join(waiting)}\n" + self.console(waiting[0]).text[-1500:])
            if waiting:
                time.sleep(1)

    def _died(self, name, starts):
        log = self.run(f"tail -n 3 {CONSOLES}/{name}.log")
        if "GUEST-" in self.console(name).text:
            raise Failed(f"guest {name} ended after it had booted:\n{log}")
        if starts[name] == 4:
            raise Failed(f"guest {name} died in early boot four times in a row:\n{log}")
        starts[name] += 1
        self.deaths += 1
        reason = log.strip().splitlines()[-1] if log.strip() else "no log"
        self.say(f"    (guest {name} died in early boot, before any NIC was looked at; not vfpool's doing; started again: {reason})")
        self.run(f"rm -f {CONSOLES}/{name}.console; virsh -q start {name}")

    def reboot(self):
        self.machine.reboot()

    # Seeing

    def console(self, name):
        return Console(self.machine.run(f"cat {CONSOLES}/{name}.console").out)

    def running(self):
        return set(self.run("virsh -q list --name").split())

    def document(self, name, *flags):
        return tree.fromstring(self.run(f"virsh -q dumpxml {name} {' '.join(flags)}"))

    def network(self, name, *flags):
        return tree.fromstring(self.run(f"virsh -q net-dumpxml {name} {' '.join(flags)}"))

    def network_info(self, name):
        lines = self.run(f"virsh -q net-info {name}").splitlines()
        return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}

    def functions(self, port):
        """The PCI addresses of a port's VFs, by index."""
        out = self.run(f"cd /sys/class/net/{port}/device && for v in $(ls -d virtfn* 2>/dev/null | sort -V); do readlink $v; done")
        return [line.split("/")[-1] for line in out.split()]

    def driver(self, address):
        return self.machine.run(f"basename $(readlink /sys/bus/pci/devices/{address}/driver)").out.strip()

    def drivers(self, port):
        """Of all VFs of a port, by address."""
        out = self.run(
            f"cd /sys/class/net/{port}/device && for v in $(ls -d virtfn* | sort -V); do "
            "echo $(basename $(readlink $v)) $(basename $(readlink $v/driver)); done")
        return dict((line.split() + ["none"])[:2] for line in out.splitlines())

    def table(self, port):
        """The kernel's VF table of a port: {index: (MAC, VLAN)}."""
        link = json.loads(self.run(f"ip -j -d link show dev {port}"))[0]
        table = {}
        for vf in link.get("vfinfo_list", []):
            vlans = [v.get("vlan", 0) for v in vf.get("vlan_list", [])]
            table[vf["vf"]] = (vf.get("address") or vf.get("mac"), vlans[0] if vlans else vf.get("vlan", 0))
        return table

    def holders(self):
        """{guest: the host addresses of the VFs that it runs with}, by libvirt's live documents."""
        found = {}
        for name in sorted(self.running()):
            devices = self.document(name).find("devices")
            sources = devices.findall("interface/source/address") + devices.findall("hostdev/source/address")
            found[name] = ["{}:{}:{}.{}".format(*(a.get(k)[2:] for k in ("domain", "bus", "slot", "function"))) for a in sources]
        return found

    def ports(self, network):
        """The network's ports: [(owner's name, MAC, VF)]."""
        found = []
        for uuid in self.run(f"virsh -q net-port-list {network}").split():
            port = tree.fromstring(self.run(f"virsh -q net-port-dumpxml {network} {uuid}"))
            a = port.find("plug/address")
            vf = a is not None and "{}:{}:{}.{}".format(*(a.get(k)[2:] for k in ("domain", "bus", "slot", "function")))
            found.append((port.findtext("owner/name"), port.find("mac").get("address"), vf))
        return sorted(found)

    def listed(self, network):
        """The VFs that the network will hand out at its next start; None when that is the whole port."""
        forward = self.network(network, "--inactive").find("forward")
        if forward.find("pf") is not None:
            return None
        return ["{}:{}:{}.{}".format(*(a.get(k)[2:] for k in ("domain", "bus", "slot", "function"))) for a in forward.iterfind("address")]

    # Checking

    def check(self, what, is_so, seen=None):
        if not is_so:
            raise Failed(f"not so: {what}" + (f"\nseen: {seen}" if seen is not None else ""))
        self.checks += 1
        self.say(f"    ✓ {what}")

    def equal(self, what, seen, wanted):
        if seen != wanted:
            raise Failed(f"not so: {what}\nseen:   {seen}\nwanted: {wanted}")
        self.check(what, True)

    def eventually(self, what, look, limit=60):
        """`look` gives (whether it is so, what was seen)."""
        end = time.monotonic() + limit
        while True:
            is_so, seen = look()
            if is_so or time.monotonic() > end:
                return self.check(what, is_so, seen)
            time.sleep(1)

    def sees(self, name, mac):
        """The guest itself says that it has this MAC on a VF."""
        def look():
            nics = self.console(name).nics
            return nics.get(mac, {}).get("driver") == "igbvf", nics
        self.eventually(f"guest {name} sees {mac} on a VF", look, 30)

    def pings(self, name, target):
        def look():
            console = self.console(name)
            return console.answers.get(target) is True, console.text[-600:]
        self.eventually(f"guest {name} reaches {target}", look, 90)

    def never_pings(self, name, target):
        """To be asked after what does work: a VF needs some seconds before it passes anything at all."""
        time.sleep(10)
        console = self.console(name)
        self.check(f"guest {name} does not reach {target}",
                   console.answers.get(target) is False and target not in console.reached, console.text[-600:])

    def host_reaches(self, target):
        def look():
            result = self.machine.run(f"ping -c1 -W2 {shlex.quote(target)}")
            return result.status == 0, result.out
        self.eventually(f"the host reaches {target}", look, 60)
