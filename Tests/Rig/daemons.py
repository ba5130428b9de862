"""The daemons of a host's libvirt: one, or as Fedora and RHEL have it one for each driver, with sockets that stay.

`RIG_DAEMONS` or the description's `daemons` says which: `libvirtd`, `modular`, or `modular+proxy`, which also answers where
libvirtd would. No other place names a daemon."""
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

MODULAR = ("virtnodedevd", "virtinterfaced", "virtnetworkd", "virtqemud")  # each after those that it asks
KINDS = {"libvirtd": ("libvirtd",), "modular": MODULAR, "modular+proxy": (*MODULAR, "virtproxyd")}
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
CONFIGURATION = """auth_unix_rw = "none"
auth_unix_ro = "none"
unix_sock_ro_perms = "0777"
unix_sock_rw_perms = "0777"
max_anonymous_clients = 0
log_level = 3
log_outputs = "3:file:/var/log/libvirt/{name}.log"
"""
# As systemd, which waits for 90 s and kills then. A libvirtd 11.3 told to end just after its start hangs once in 40 times.
PATIENCE = 20


def kind(description=None):
    """Which daemons a host has."""
    return (description or {}).get("daemons") or os.environ.get("RIG_DAEMONS") or "libvirtd"


def programs(description=None):
    return KINDS[kind(description)]


def socket_path(description=None):
    """Where guests are asked for."""
    return Daemon("libvirtd" if kind(description) == "libvirtd" else "virtqemud").socket


def write_configuration(description=None):
    for name in dict.fromkeys(name for names in KINDS.values() for name in names):
        with open(f"/etc/libvirt/{name}.conf", "w") as file:
            file.write(CONFIGURATION.format(name=name))
    if kind(description) == "modular":
        # What Fedora's client library does by itself. Debian's goes to libvirtd's place.
        with open("/etc/libvirt/libvirt.conf", "w") as file:
            file.write('remote_mode = "direct"\nuri_default = "qemu:///system"\n')


class Daemon:
    """One of them. `kept` are its sockets, where something else than itself makes and keeps them, as systemd does."""

    def __init__(self, name):
        self.name, self.process, self.kept = name, None, []
        plain = "libvirt" if name in ("libvirtd", "virtproxyd") else name
        self.socket = f"/run/libvirt/{plain}-sock"
        self.sockets = [self.socket, f"{self.socket}-ro", f"/run/libvirt/{plain}-admin-sock"]
        self.pid_file = f"/run/libvirt/{name}.pid"

    def keep_sockets(self):
        for path in [] if self.kept else self.sockets:
            if os.path.exists(path):
                os.unlink(path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(path)
            os.chmod(path, 0o777)
            listener.listen(128)
            self.kept.append(listener)

    def drop_sockets(self):
        for listener in self.kept:
            listener.close()
        self.kept = []
        for path in self.sockets:
            if os.path.exists(path):
                os.unlink(path)

    def start(self, log, library):
        environment = {"PATH": PATH, "SYSTEMD_DEVICE_VERIFY_SYSFS": "0", "LANG": "C.UTF-8", "HOME": "/root"}
        program = shutil.which(self.name, path=PATH)
        if not program:
            raise RuntimeError(f"there is no {self.name} here")
        words, handles = [program, "--config", f"/etc/libvirt/{self.name}.conf", "--pid-file", self.pid_file], []
        if self.kept:
            # Given from 3 on, by a shell: it has the number of the process that the daemon is to find itself by.
            handles = [listener.fileno() for listener in self.kept]
            ends = ("", "-ro", "-admin")
            environment["LISTEN_FDS"] = str(len(handles))
            environment["LISTEN_FDNAMES"] = ":".join(f"{self.name}{end}.socket" for end in ends)
            environment["NOTIFY_SOCKET"] = self.hear()
            high = [f"{100 + n}<&{handle} {handle}<&-" for n, handle in enumerate(handles)]
            places = [f"{3 + n}<&{100 + n} {100 + n}<&-" for n in range(len(handles))]
            script = f'exec {" ".join(high)}; exec {" ".join(places)}; LISTEN_PID=$$ LD_PRELOAD={library} exec "$@"'
            words = ["bash", "-c", script, "start", *words]
        else:
            environment["LD_PRELOAD"] = library
        self.process = subprocess.Popen(
            words, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            pass_fds=handles)

    def hear(self):
        """Where the daemon says that it is ready, as it would to systemd. The name is in no folder."""
        self.notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notices.bind("")
        self.notices.settimeout(0.05)
        return "@" + self.notices.getsockname()[1:].decode()

    def await_start(self):
        """Until it takes connections; false when it has ended instead."""
        while self.process.poll() is None:
            try:
                if self.kept:
                    if b"READY=1" in self.notices.recv(1 << 12).split(b"\n"):
                        return True
                else:
                    self.connect()
                    return True
            except TimeoutError:
                pass
            except OSError:
                time.sleep(0.005)
        return False

    def connect(self):
        """Fails where it takes no connections."""
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(self.socket)

    def await_crash(self):
        """One that crashes has let go of its sockets before it has ended; whether it has."""
        try:
            self.connect()
        except OSError:
            self.process.wait(10)
        return self.process.poll() is not None

    @property
    def rests(self):
        """Not there, and whoever connects has it started."""
        return bool(self.kept) and (self.process is None or self.process.poll() is not None)

    def end(self, number, patience):
        """By this signal, or by SIGKILL if it does not heed it. Whether it was there."""
        process, self.process = self.process, None
        if process:
            process.send_signal(number)
            try:
                process.wait(timeout=patience)
            except subprocess.TimeoutExpired:
                print(f"rig: {self.name} did not end when told: killed", file=sys.stderr, flush=True)
                process.kill()
                process.wait()
        return process is not None


class Daemons:
    """All of a host's. `hello` asks libvirt something that it answers when it has read its guests and networks."""

    def __init__(self, folder, library, hello, description):
        self.folder, self.library, self.hello, self.description = folder, library, hello, description
        self.has_own_sockets = kind(description) == "libvirtd"
        self.patience = description.get("patience", PATIENCE)
        self.all = {name: Daemon(name) for name in programs(description)}

    @property
    def socket(self):
        return socket_path(self.description)

    @property
    def runs(self):
        return any(daemon.process for daemon in self.all.values())

    def named(self, name):
        """The one of this name, or all; where there is but one, it is also those that it does the work of."""
        if name is None:
            return list(self.all.values())
        if self.has_own_sockets and name in MODULAR:
            name = "libvirtd"
        if name not in self.all:
            raise ValueError(f"no such daemon here: {name}")
        return [self.all[name]]

    def start(self, name=None):
        started = self.named(name)
        for daemon in started:
            if not self.has_own_sockets:
                daemon.keep_sockets()
        for daemon in started:
            self.start_one(daemon)
        # It takes connections before it has read its guests and networks, and answers only after.
        if any(daemon.socket == self.socket for daemon in started):
            self.hello()

    def start_one(self, daemon):
        if daemon.process and daemon.process.poll() is None and not daemon.await_crash():
            return
        for path in daemon.sockets if self.has_own_sockets else []:
            # Left by one that was killed.
            if os.path.exists(path):
                os.unlink(path)
        with open(f"{self.folder}/daemon.log", "a") as log:
            daemon.start(log, self.library)
        if not daemon.await_start():
            with open(f"{self.folder}/daemon.log", errors="replace") as log:
                raise RuntimeError(f"{daemon.name} ended: {log.read()[-2000:]}")

    def stop(self, name=None, number=signal.SIGTERM):
        """As `systemctl stop` of a daemon and its sockets: nothing starts it at a connection."""
        for daemon in reversed(self.named(name)):
            was_there = daemon.end(number, self.patience)
            # A libvirtd that was killed leaves its sockets, on which nobody listens.
            if daemon.kept or (was_there and number == signal.SIGTERM):
                daemon.drop_sockets()

    def kill(self, name=None):
        self.stop(name, signal.SIGKILL)

    def restart(self, name=None):
        """As `systemctl restart`: whoever connects meanwhile waits where sockets are kept."""
        for daemon in reversed(self.named(name)):
            daemon.end(signal.SIGTERM, self.patience)
            if not daemon.kept:
                daemon.drop_sockets()
        self.start(name)

    def rest(self, name=None):
        """Ended, as by itself for want of work: the next connection starts it again. See `wake`."""
        for daemon in reversed(self.named(name)):
            if not daemon.kept:
                raise ValueError(f"{daemon.name} has its own sockets: nothing would start it again")
            daemon.end(signal.SIGTERM, self.patience)

    def resting(self):
        """The sockets of those, by number."""
        found = [daemon for daemon in self.all.values() if daemon.rests]
        return {listener.fileno(): daemon for daemon in found for listener in daemon.kept}

    def wake(self, daemons=None):
        for daemon in dict.fromkeys(self.resting().values() if daemons is None else daemons):
            self.start_one(daemon)

    def signal(self, number, name=None):
        for daemon in self.named(name):
            if daemon.process:
                daemon.process.send_signal(number)

    def forget(self):
        """All were ended with the host's power."""
        for daemon in self.all.values():
            daemon.process = None
            daemon.drop_sockets()
