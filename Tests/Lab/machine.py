"""The lab host: a QEMU process that dies with this one, and a shell on it over loopback."""
import contextlib
import ctypes
import io
import mmap
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import tarfile
import tempfile
import time

# Of the one lab host, or the first of two, as its image has them.
PORT_MACS = {"eth3": "02:1a:b0:00:00:03", "eth4": "02:1a:b0:00:00:04"}
PR_SET_PDEATHSIG = 1


class LabError(Exception):
    """The lab itself failed, not what it tests."""


class Unbooted(LabError):
    """The lab host did not come up. On a very busy machine that happens, and says nothing."""


class Result:
    def __init__(self, words, done):
        self.words, self.status, self.out, self.err = words, done.returncode, done.stdout, done.stderr

    @property
    def text(self):
        return f"$ {self.words}\n{self.out}{self.err}[{self.status}]"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Stuck(Exception):
    """A command did not end, on a lab host that answers."""


def die_with_parent(number=signal.SIGKILL):
    """Between fork and exec, or for this process: the kernel sends it a signal when its parent ends, however that ends."""
    parent = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(number))
    if os.getppid() != parent:
        os._exit(1)


def tsc_khz():
    """How fast this machine's time stamp counter runs. The lab host's is the same one, and its kernel, told so, need not measure
    it: on a busy machine it is off by a factor of ten, and then drivers give up on a card long before its answer is due."""
    with mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC) as page:
        page.write(b"\x0f\x31\x48\xc1\xe2\x20\x48\x09\xd0\xc3")  # rdtsc; shl rdx, 32; or rax, rdx; ret
        counter = ctypes.CFUNCTYPE(ctypes.c_uint64)(ctypes.addressof(held := ctypes.c_char.from_buffer(page)))
        before, first = time.monotonic_ns(), counter()
        time.sleep(0.2)
        after, last = time.monotonic_ns(), counter()
        del counter, held
    return (last - first) * 1_000_000 // (after - before)


def kvm_works(qemu):
    """Whether a machine gets as far as its firmware on KVM. Some that offer /dev/kvm never run the first instruction."""
    if os.environ.get("LAB_ACCEL"):
        return os.environ["LAB_ACCEL"] == "kvm"
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return False
    nested = any(_reads(f"/sys/module/{name}/parameters/nested") in ("1", "Y") for name in ("kvm_intel", "kvm_amd"))
    if not nested:
        return False
    words = [qemu, "-nodefaults", "-display", "none", "-machine", "q35", "-accel", "kvm", "-cpu", "host", "-m", "64"]
    try:
        done = subprocess.run(
            words + ["-debugcon", "stdio", "-global", "isa-debugcon.iobase=0x402"], stdin=subprocess.DEVNULL,
            capture_output=True, timeout=8, preexec_fn=die_with_parent)
        output = done.stdout
    except subprocess.TimeoutExpired as late:
        output = late.stdout or b""
    return b"SeaBIOS" in output


def room():
    """For how many lab hosts there is memory: each takes its own and some more."""
    sizes = dict(line.split(":") for line in _reads("/proc/meminfo").splitlines() if ":" in line)
    return int(sizes.get("MemAvailable", "0").split()[0]) // 1024 // (int(os.environ.get("LAB_MEMORY", "2048")) + 1024)


def _reads(path):
    try:
        with open(path, errors="replace") as file:
            return file.read().strip()
    except OSError:
        return ""


class Machine:
    def __init__(self, qemu, image, folder, vfpool):
        self.qemu, self.image, self.folder, self.vfpool = qemu, image, folder, vfpool
        self.process = self.accelerator = self.sockets = None
        self.boots = 0
        # The process of the lab, also where another one that it began starts this.
        self.owner = os.getpid()
        # One of two lab hosts: which, and its ends of the wires between them.
        self.number, self.wires = 0, {}

    def room_for(self, count):
        return room() >= count

    def beside(self):
        """Another lab host: kvm2, and this one is kvm1 until it is stopped. Two wires join them: one their ports, one NICs of
        their own, wire0 at 10.77.0.1 and .2, for what hosts say to each other. A wire is two sockets without a name, of this process
        and the two QEMUs: nothing listens, and nothing is left when they end."""
        other = Machine(self.qemu, self.image, f"{self.folder}2", self.vfpool)
        other.accelerator = self.accelerator
        self.number, other.number = 1, 2
        for wire in ("ports", "wire0"):
            self.wires[wire], other.wires[wire] = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        return other

    # Life

    def start(self, vfs={"eth3": 7, "eth4": 2}):
        """A pristine lab host, whose ports get so many VFs at each boot."""
        self.begin(vfs)
        self.up()

    def begin(self, vfs={"eth3": 7, "eth4": 2}):
        """Its first half, without waiting."""
        shutil.rmtree(self.folder, ignore_errors=True)
        # The payload may have the key to the lab hosts.
        os.makedirs(self.folder, mode=0o700)
        # A control socket's path has room for 100 characters only, a checkout's may be longer.
        self.sockets = self.folder if len(self.folder) < 60 else tempfile.mkdtemp(prefix="vfpool-lab-")
        self._payload(vfs)
        self.accelerator = self.accelerator or ("kvm" if kvm_works(self.qemu) else "tcg")
        self._launch()

    def up(self):
        """Its second half: waits until the lab host has booted."""
        for attempt in (1, 2, 3):
            try:
                return self.wait()
            except Unbooted as error:
                self._end()
                if attempt == 3:
                    raise
                print(f"lab: {error}; once more", flush=True)
                self._launch()

    def _launch(self):
        self.port = free_port()
        self.ups = 0
        with open(f"{self.folder}/qemu.log", "wb") as output:
            self.process = subprocess.Popen(
                self._words(), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                preexec_fn=die_with_parent, pass_fds=[end.fileno() for end in self.wires.values()])
        with open(f"{self.folder}/owner", "w") as file:
            file.write(f"{self.owner} {self.process.pid} {self.port}\n")

    def stop(self):
        # The ssh that carries the others' connections ends with the machine.
        self._end()
        for end in self.wires.values():
            end.close()
        self.number, self.wires = 0, {}
        if self.sockets not in (None, self.folder):
            shutil.rmtree(self.sockets, ignore_errors=True)
        for name in ("owner", "payload.tar", "ssh"):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(f"{self.folder}/{name}")

    def _end(self):
        if self.process:
            self.process.kill()
            self.process.wait()
        self.process = None

    def wait(self, limit=600):
        """Until the lab host says on its serial port that one more boot is done (`recipe/host/lab-up.service`)."""
        end = time.monotonic() + limit
        while True:
            said = _reads(f"{self.folder}/console.log")
            if said.count("LAB-UP ") > self.ups:
                break
            if self.process.poll() is not None:
                raise Unbooted(f"the lab host's QEMU ended while it booted:\n{_reads(self.folder + '/qemu.log')}")
            if "Kernel panic" in said:
                raise Unbooted("the lab host's kernel gave up while it booted")
            if time.monotonic() > end:
                raise Unbooted(f"the lab host was not up within {limit} s; its console: {self.folder}/console.log")
            time.sleep(0.1)
        self.ups += 1
        self.boots += 1
        if not self.answers(limit=120):
            raise Unbooted("the lab host is up and gives no shell")

    def reboot(self):
        self.run("systemctl reboot", may_break=True)
        self._close_shell()
        self.wait()

    def answers(self, limit=60):
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._ssh("true", timeout=limit).returncode == 0
        return False

    # Shell

    def ssh(self, *more):
        return [
            "ssh", "-q", "-F", "none", "-i", f"{self.image}/key", "-p", str(self.port), "-o", "StrictHostKeyChecking=no",
            "-o", "UserKnownHostsFile=/dev/null", "-o", "ConnectTimeout=60", "-o", "ServerAliveInterval=15",
            "-o", "ServerAliveCountMax=8", "-o", "ControlMaster=auto", "-o", f"ControlPath={self.sockets}/ssh",
            "-o", "ControlPersist=600", *more, "root@127.0.0.1"]

    def _ssh(self, command, **more):
        if "input" not in more:
            more["stdin"] = subprocess.DEVNULL
        return subprocess.run(self.ssh() + [command], text=True, capture_output=True, errors="replace", **more)

    def run(self, command, limit=240, may_break=False, **more):
        """One command line on the lab host."""
        try:
            done = self._ssh(command, timeout=limit, **more)
        except subprocess.TimeoutExpired:
            if self.answers():
                raise Stuck(f"not done after {limit} s: {command}") from None
            raise LabError(f"the lab host stopped answering; the last command was: {command}") from None
        if done.returncode == 255 and not may_break:
            ended = self.process is None or self.process.poll() is not None
            what = "the lab host's QEMU ended" if ended else "the shell on the lab host broke"
            raise LabError(f"{what}; the last command was: {command}")
        return Result(command, done)

    def write(self, path, text):
        done = self.run(f"cat > {shlex.quote(path)}", input=text)
        if done.status:
            raise LabError(done.text)

    def copy(self, file, path):
        """Puts a file of this machine there."""
        with open(file, "rb") as content:
            done = subprocess.run(self.ssh() + [f"cat > {shlex.quote(path)}"], stdin=content, capture_output=True)
        if done.returncode:
            raise LabError(f"{path} could not be written: {done.stderr.decode(errors='replace')}")

    def _close_shell(self):
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(self.ssh("-O", "exit"), stdin=subprocess.DEVNULL, capture_output=True, timeout=30)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(f"{self.sockets}/ssh")

    def trouble(self):
        """What the lab host's kernel says of a card or of itself when the emulation has failed; empty if nothing."""
        signs = re.compile(
            r"Tx Unit Hang|PF still in reset state|NETDEV WATCHDOG|DMAR: .*fault (status|addr)|kernel BUG|Oops:|Kernel panic|timer doesn't work")
        said = self.run("dmesg").out + _reads(f"{self.folder}/console.log")
        return next((line.strip() for line in said.splitlines() if signs.search(line)), "")

    # Hardware

    def _payload(self, vfs):
        """The second disk, unpacked at the first boot: the vfpool to test, without its symbols; how many VFs to make; and of one of
        two lab hosts what tells it from the other."""
        binary = f"{self.folder}/vfpool"
        shutil.copy(self.vfpool, binary)
        subprocess.run(["strip", binary], check=True)
        with tarfile.open(f"{self.folder}/payload.tar", "w", format=tarfile.GNU_FORMAT) as archive:
            entry = archive.gettarinfo(binary, "usr/local/bin/vfpool")
            entry.uid = entry.gid = 0
            entry.uname = entry.gname = "root"
            entry.mode = 0o755
            with open(binary, "rb") as file:
                archive.addfile(entry, file)
            files = {"etc/lab-vfs": "".join(f"{port} {count}\n" for port, count in vfs.items()), **self._identity()}
            for path, text in files.items():
                entry = tarfile.TarInfo(path)
                entry.size, entry.mode = len(text.encode()), 0o600 if path.startswith("root/") else 0o644
                archive.addfile(entry, io.BytesIO(text.encode()))
        os.unlink(binary)

    def _identity(self):
        """Files of one of two lab hosts. Each gets at the other as root, by ssh over wire0."""
        if not self.number:
            return {}
        files = {
            "etc/hostname": f"kvm{self.number}\n",
            "etc/hosts": "127.0.0.1 localhost\n10.77.0.1 kvm1\n10.77.0.2 kvm2\n",
            # What systemd makes MACs of VFs from, too.
            "etc/machine-id": f"{self.number}123456789abcdef0123456789abcdef\n",
            "etc/systemd/network/20-wire0.network": f"[Match]\nName=wire0\n[Network]\nAddress=10.77.0.{self.number}/24\n",
            "root/.ssh/id_ed25519": _reads(f"{self.image}/key") + "\n",
            "root/.ssh/config": "Host kvm1 kvm2\n    StrictHostKeyChecking accept-new\n",
        }
        for name, mac in {**self._port_macs(), "wire0": self._wire_mac()}.items():
            files[f"etc/systemd/network/10-{name}.link"] = (
                f"[Match]\nPermanentMACAddress={mac}\n[Link]\nName={name}\nNamePolicy=\nMACAddressPolicy=none\n")
        return files

    def _port_macs(self):
        return {port: mac if self.number < 2 else mac.replace("b0:00:00", "b0:00:02") for port, mac in PORT_MACS.items()}

    def _wire_mac(self):
        return f"52:54:00:00:77:0{self.number}"

    def _words(self):
        if self.accelerator == "kvm":
            machine = ["-machine", "q35,kernel-irqchip=split", "-accel", "kvm", "-cpu", "host"]
        else:
            # On `max` the lab host has an emulated KVM of its own, so that guests boot in 20 s instead of 70.
            machine = ["-machine", "q35", "-accel", "tcg,thread=multi,tb-size=512", "-cpu", "max,la57=off"]
        words = [self.qemu, "-name", "vfpool-lab", "-nodefaults", "-no-user-config", "-display", "none", *machine]
        # One processor: with two, guests on emulated KVM were seen to die in early boot. With 3072 MiB
        # the emulated cards were seen to hang.
        words += ["-smp", os.environ.get("LAB_SMP", "1"), "-m", os.environ.get("LAB_MEMORY", "2048")]
        words += ["-device", "intel-iommu,intremap=on,caching-mode=on"]
        words += ["-kernel", f"{self.image}/vmlinuz", "-initrd", f"{self.image}/initrd.gz"]
        append = "console=ttyS0 quiet systemd.show_status=0 intel_iommu=on iommu=pt ipv6.disable=1 no_timer_check"
        append += " mitigations=off init_on_alloc=0 audit=0"
        words += ["-append", append + ("" if self.accelerator == "kvm" else f" tsc_early_khz={tsc_khz()}")]
        disks = {"disk.img": "snapshot=on", "payload.tar": "readonly=on"}
        for number, (name, mode) in enumerate(disks.items()):
            path = f"{self.image if number == 0 else self.folder}/{name}"
            words += ["-drive", f"if=none,id=d{number},file={path},format=raw,cache=unsafe,{mode}"]
            words += ["-device", f"virtio-blk-pci,drive=d{number}"]
        words += ["-netdev", f"user,id=m,restrict=on,hostfwd=tcp:127.0.0.1:{self.port}-:22"]
        words += ["-device", "virtio-net-pci,netdev=m,mac=52:54:00:00:00:01,romfile="]
        # A hub is the wire between the two ports.
        ports = list(self._port_macs().values())
        if self.wires:
            # With wire0 the kernel may call the second port eth3 at first, and then no other can get that name.
            ports.reverse()
        for number, mac in enumerate(ports, start=1):
            words += ["-netdev", f"hubport,id=p{number},hubid=1"]
            words += ["-device", f"pcie-root-port,id=rp{number},chassis={number},slot={number}"]
            words += ["-device", f"igb,bus=rp{number},netdev=p{number},mac={mac}"]
        if self.wires:
            ends = {wire: end.fileno() for wire, end in self.wires.items()}
            words += ["-uuid", f"0b9e0f4e-0000-4000-8000-0000000000b{self.number}"]
            words += ["-netdev", f"dgram,id=w1,local.type=fd,local.str={ends['ports']}"]
            words += ["-netdev", "hubport,id=p0,hubid=1,netdev=w1"]
            words += ["-netdev", f"dgram,id=w2,local.type=fd,local.str={ends['wire0']}"]
            words += ["-device", f"virtio-net-pci,netdev=w2,mac={self._wire_mac()},romfile="]
        return words + ["-device", "virtio-rng-pci", "-serial", f"file:{self.folder}/console.log"]


def qemu_version(text):
    """Of QEMU's first line."""
    found = re.search(r"version (\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2])) if found else (0, 0)
