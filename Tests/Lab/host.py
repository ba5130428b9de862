"""What tests do on the lab host, and what they see there: by ip, sysfs, virsh and the guests' consoles, never by vfpool."""
import contextlib
import json
import shlex
import time
import xml.etree.ElementTree as tree

from guests import CONSOLES, Console
from machine import LabError, Stuck

# Waits until one of the guests named has booted or ended, or some time has passed, and says so of each. In the lab host, so
# that waiting costs its one emulated processor next to nothing.
WAIT = """
SECONDS=0
while [ $SECONDS -lt 60 ]; do
    for name in %s; do
        if grep -qa GUEST-READY %s/$name.console 2>/dev/null; then echo $name ready
        elif [ ! -e /run/libvirt/qemu/$name.pid ]; then echo $name ended
        else continue; fi
        found=yes
    done
    [ -z "$found" ] || exit 0
    sleep 1
done
"""


class Failed(Exception):
    """A check that does not hold."""


class Skipped(Exception):
    """What the test needs can't be had here."""


def pci(address):
    """The address as sysfs writes it, of an XML element."""
    return None if address is None else "{}:{}:{}.{}".format(*(address.get(k)[2:] for k in ("domain", "bus", "slot", "function")))


def on(eth3=7, eth4=2, hosts=1):
    """Of a test: how many VFs the ports of its lab host have, at each boot; with two hosts, of both."""
    def mark(test):
        test.vfs, test.hosts = {"eth3": eth3, "eth4": eth4}, hosts
        return test
    return mark


class Host:
    """One lab host, fresh for each test: no guest, no network, VFs whose MACs the kernel made up."""

    def __init__(self, machine, say):
        self.machine, self.say = machine, say
        self.guests = {}
        # Guests that run unless they died.
        self.expected = set()
        # Of guests that came from another host: what they had said before, and how much their consoles' files here held then.
        self.heard = {}
        self.deaths = 0
        self.checks = 0
        self.began = time.monotonic()

    # Doing

    def run(self, command, limit=240, refused=False, **more):
        """A command line that must succeed, or must not."""
        result = self._run(command, limit=limit, **more)
        if (result.status != 0) != refused:
            raise Failed(("that was to be refused:\n" if refused else "that failed:\n") + result.text)
        return result.out

    def vfpool(self, words, refused=False):
        """A vfpool command that must succeed, or be refused with an error of its own; gives all that it prints."""
        result = self._run(f"vfpool {words}")
        if result.status not in (0, 1, 2, 3, 4, 64) or (result.status != 0) != refused:
            raise Failed(("that was to be refused:\n" if refused else "that failed:\n") + result.text)
        return result.out + result.err

    def _run(self, command, **more):
        try:
            return self.machine.run(command, **more)
        except Stuck as error:
            raise Failed(str(error)) from None

    def step(self, text):
        self.say(f"  · {text} (at {time.monotonic() - self.began:.0f} s)")

    def define(self, *guests, autostart=False):
        for guest in guests:
            self.guests[guest.name] = guest
            self.machine.write(f"/tmp/{guest.name}.xml", guest.xml())
            self.run(f"virsh -q define /tmp/{guest.name}.xml" + (f" && virsh -q autostart {guest.name}" if autostart else ""))

    def start(self, *names, wait=True):
        """Starts guests, and waits until they have booted; without waiting, what the host shows of them is there already."""
        for name in names:
            self.heard.pop(name, None)
            for attempt in (1, 2, 3, 4):
                result = self._run(f"rm -f {CONSOLES}/{name}.console; virsh -q start {name}")
                # A QEMU that has a reason to end, such as a device it can't have, says it.
                if result.status == 0 or not result.err.rstrip().endswith("unexpectedly closed the monitor"):
                    break
                self.deaths += 1
                self.say(f"    (guest {name}'s QEMU ended without a word while it started; not vfpool's doing; started again)")
            if result.status:
                raise Failed("that failed:\n" + result.text)
        self.expected |= set(names)
        if wait:
            self.ready(*names)

    def refused_start(self, name):
        """A guest that must not start; gives what libvirt says."""
        return self.run(f"virsh start {name} 2>&1", refused=True)

    def stop(self, *names):
        self.expected -= set(names)
        self.run(" && ".join(f"virsh -q destroy {name}" for name in names))

    def ready(self, *names, limit=600):
        """Waits until the guests have booted. A guest that dies before is the lab's doing: counted, told, started again."""
        waiting, starts = list(names), dict.fromkeys(names, 1)
        end = time.monotonic() + limit
        while waiting:
            for line in self.run(WAIT % (" ".join(waiting), CONSOLES)).splitlines():
                name, what = line.split()
                if what == "ready":
                    waiting.remove(name)
                else:
                    self._died(name, starts, "died")
                    end = max(end, time.monotonic() + limit / 2)
            if waiting and time.monotonic() > end:
                for name in waiting:
                    self.run(f"virsh -q destroy {name}")
                    self._died(name, starts, "hung")
                end = time.monotonic() + limit

    def _died(self, name, starts, how):
        log = self.run(f"tail -n 3 {CONSOLES}/{name}.log").strip()
        console = self.console(name).text
        if "GUEST-" in console:
            raise Failed(f"guest {name} {how} after it had booted:\n{log}\n{console[-800:]}")
        if starts[name] == 4:
            raise LabError(f"guest {name} did not get through early boot four times in a row:\n{log}\n{console[-800:]}")
        starts[name] += 1
        self.deaths += 1
        reason = log.splitlines()[-1] if log else "no log"
        self.say(f"    (guest {name} {how} in early boot, before any NIC was looked at; not vfpool's doing; started again: {reason})")
        self.start(name, wait=False)

    def reboot(self):
        """The host goes down and comes up; when this returns, libvirt has started what starts by itself."""
        names = " ".join(self.guests)
        self.run(f"for name in {names}; do rm -f {CONSOLES}/$name.console; done")
        self.heard.clear()
        self.machine.reboot()
        self.expected = self.started_by_libvirt() & set(self.guests)

    def trouble(self):
        """Why a check may have failed that is the lab's doing, not vfpool's; empty if nothing shows."""
        signs = self.machine.trouble()
        if signs:
            return f"the kernel of the lab host said: {signs}"
        for name in sorted(self.expected - self.running()):
            if "GUEST-" not in self.console(name).text:
                self.deaths += 1
                return f"guest {name} had died in early boot"
        # The guest's driver asks the port's for the link when it finds the card; now and then the emulated one never answers.
        up = self._run("ip -br link show up").out
        for name in sorted(self.running()):
            if self.console(name).has_dead_vf() and all(f"{port} " in up for port in ("eth3", "eth4")):
                return f"the emulated VF of guest {name} came up without a link, at a port that has one"
        return ""

    # Seeing

    def console(self, name):
        return Console(self._heard(name))

    def _heard(self, name):
        before, start = self.heard.get(name, ("", 0))
        return before + self.machine.run(f"cat {CONSOLES}/{name}.console" + (f" | tail -c +{start + 1}" if start else "")).out

    @contextlib.contextmanager
    def taking(self, name, other):
        """While this lasts, the guest moves here from another host; its console here is then the whole of what it said."""
        start = int(self.run(f"stat -c %s {CONSOLES}/{name}.console 2>/dev/null || echo 0"))
        yield
        self.heard[name] = (other._heard(name), start)
        other.expected.discard(name)
        self.expected.add(name)

    def running(self):
        return set(self.run("virsh -q list --name").split())

    def started_by_libvirt(self):
        """Guests that libvirt has started since this boot."""
        said = self.run("journalctl -q -b --no-pager -t systemd-machined | grep -o 'New machine qemu-.*' || true")
        return {line.split()[2].split("-", 2)[2].rstrip(".") for line in said.splitlines()}

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
        for document in self._documents("$(virsh -q list --name)", "virsh -q dumpxml"):
            devices = document.find("devices")
            sources = devices.findall("interface/source/address") + devices.findall("hostdev/source/address")
            found[document.findtext("name")] = [pci(address) for address in sources]
        return found

    def ports(self, network):
        """The network's ports: [(owner's name, MAC, VF)]."""
        documents = self._documents(f"$(virsh -q net-port-list {network})", f"virsh -q net-port-dumpxml {network}")
        return sorted((port.findtext("owner/name"), port.find("mac").get("address"), pci(port.find("plug/address"))) for port in documents)

    def _documents(self, names, dump):
        """The documents that a command prints, each for one of the names."""
        text = self.run(f"for name in {names}; do {dump} $name || exit; echo; echo %%; done")
        return [tree.fromstring(part) for part in text.split("%%") if part.strip()]

    def listed(self, network):
        """The VFs that the network will hand out at its next start; None when that is the whole port."""
        forward = self.network(network, "--inactive").find("forward")
        if forward.find("pf") is not None:
            return None
        return [pci(address) for address in forward.iterfind("address")]

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

    def eventually(self, what, look, limit=120):
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
        self.eventually(f"guest {name} sees {mac} on a VF", look)

    def pings(self, name, target):
        def look():
            console = self.console(name)
            return console.answers.get(target) is True, console.text[-600:]
        self.eventually(f"guest {name} reaches {target}", look, 180)

    def never_pings(self, **pairs):
        """Guest=address. To be asked after what does work: a VF needs some seconds before it passes anything at all."""
        time.sleep(10)
        for name, target in pairs.items():
            console = self.console(name)
            self.check(f"guest {name} does not reach {target}",
                       console.answers.get(target) is False and target not in console.reached, console.text[-600:])

    def host_reaches(self, target, by="eth3"):
        def look():
            result = self.machine.run(f"ping -c1 -W2 -I {by} {shlex.quote(target)}")
            return result.status == 0, result.out
        self.eventually(f"the host reaches {target} by {by}", look, 180)
