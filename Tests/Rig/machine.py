"""The pretend machine: the process behind process 1 of the rig's PID namespace.

It starts the pretend kernel and libvirtd, sets up the networks and guests of the description, then obeys. Requests
come on standard input, one JSON object per line; each is answered by one on standard output. When standard input
ends, so does this process, and with it, at the kernel's hand, everything in the namespace.
"""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback

import guests
from hypervisor import Hypervisor
from isolation import Isolation

SOCKET = "/run/libvirt/libvirt-sock"
PID_FILE = "/run/libvirt/libvirtd.pid"
HERE = os.path.dirname(os.path.abspath(__file__))


class Machine:
    def __init__(self, folder, tools, name):
        self.folder, self.tools, self.name, self.daemon = folder, tools, name, None
        with open(f"{folder}/hardware.json") as file:
            self.description = json.load(file)

    def path(self, *parts):
        path = os.path.join(self.folder, *parts)
        os.makedirs(path, exist_ok=True)
        return path

    # Power.

    def boot(self):
        for entry in os.listdir("/run"):
            path = f"/run/{entry}"
            shutil.rmtree(path) if os.path.isdir(path) and not os.path.islink(path) else os.unlink(path)
        entries = [os.path.join(folder, e) for folder in ("/sys", "/sys/devices") for e in os.listdir(folder)]
        for entry in entries:
            if entry not in ("/sys/fs", "/sys/devices", "/sys/devices/system"):
                shutil.rmtree(entry)
        for entry in os.listdir("/dev/vfio"):
            if entry != "vfio":
                os.unlink(f"/dev/vfio/{entry}")
        for path in (self.path("vf"), self.path("cues")):
            os.makedirs(path, exist_ok=True)
        shutil.rmtree(f"{self.folder}/kinds", ignore_errors=True)
        for table in os.listdir(f"{self.folder}/vf"):
            if table != "history":
                os.unlink(f"{self.folder}/vf/{table}")
        if os.path.exists(f"{self.folder}/kernel.sock"):
            os.unlink(f"{self.folder}/kernel.sock")
        for folder in ("/run/lock", "/run/libvirt", "/run/udev", "/var/lib/libvirt"):
            os.makedirs(folder, exist_ok=True)
        open("/run/udev/control", "w").close()  # else libudev does not listen to what udev.py says
        # Links that no process held open (bridges, VLANs) are still there after a reboot.
        for _, name in socket.if_nameindex():
            if name != "lo":
                subprocess.run(["ip", "link", "del", name], capture_output=True)
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        log = os.open(f"{self.folder}/kernel.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        kernel = subprocess.Popen(
            [sys.executable, "-ES", f"{HERE}/kernel.py", f"{self.folder}/hardware.json"], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=log, start_new_session=True)
        os.close(log)
        if kernel.stdout.readline() != b"up\n":
            raise RuntimeError(f"the pretend kernel did not come up: {self.tail('kernel.log')}")
        kernel.stdout.close()
        if self.description.get("daemon", True):
            self.start_daemon()

    def reboot(self, vfs="restored"):
        """`vfs`: "restored" (a boot unit does it), "none" (sriov_numvfs is 0, as the kernel leaves it), or a number."""
        self.stop_everything()
        self.daemon = None
        with open(f"{self.folder}/hardware.json") as file:
            hardware = json.load(file)
        described = [dict(port) for port in hardware["pfs"]]
        for port in hardware["pfs"]:
            if vfs != "restored":
                port["vfs"] = 0 if vfs == "none" else min(vfs, port.get("vfs", 0))
            port["adminMACs"] = {}
        with open(f"{self.folder}/hardware.json", "w") as file:
            json.dump(hardware, file)
        self.boot()
        hardware["pfs"] = described
        with open(f"{self.folder}/hardware.json", "w") as file:
            json.dump(hardware, file)

    @staticmethod
    def stop_everything():
        """Kills all but process 1 and this one, and waits until they are gone."""
        os.kill(-1, signal.SIGKILL)
        while set(filter(str.isdigit, os.listdir("/proc"))) - {"1", str(os.getpid())}:
            try:
                os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                pass
            time.sleep(0.002)

    def tail(self, log):
        try:
            with open(f"{self.folder}/{log}", errors="replace") as file:
                return file.read()[-2000:]
        except OSError:
            return ""

    # The daemon.

    def start_daemon(self):
        environment = {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "LD_PRELOAD": f"{self.tools}/kernel.so",
            "SYSTEMD_DEVICE_VERIFY_SYSFS": "0", "LANG": "C.UTF-8", "HOME": "/root",
        }
        with open(f"{self.folder}/daemon.log", "a") as log:
            self.daemon = subprocess.Popen(
                ["libvirtd", "--config", "/etc/libvirt/libvirtd.conf", "--pid-file", PID_FILE], env=environment,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        for _ in range(2000):
            if self.daemon.poll() is not None:
                raise RuntimeError(f"libvirtd ended: {self.tail('daemon.log')}")
            with socket.socket(socket.AF_UNIX) as probe:
                try:
                    probe.connect(SOCKET)
                    break
                except OSError:
                    time.sleep(0.005)
        # It accepts connections before it has read its guests and networks, and answers only after.
        self.in_child(lambda: Hypervisor() and None)

    def end_daemon(self, number):
        if not self.daemon:
            return
        self.daemon.send_signal(number)
        try:
            self.daemon.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.daemon.kill()
            self.daemon.wait()
            raise RuntimeError("libvirtd did not end when told") from None
        finally:
            self.daemon = None
        if number == signal.SIGTERM:
            for name in (SOCKET, f"{SOCKET}-ro"):
                if os.path.exists(name):
                    os.unlink(name)

    def in_child(self, work):
        """Runs something in a process of its own, so that this one never loads libvirt; returns or raises as it did."""
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                answer = {"value": work()}
            except Exception as error:
                answer = {"error": f"{type(error).__name__}: {error}", "code": getattr(error, "code", None),
                          "domain": getattr(error, "domain", None)}
            with os.fdopen(writer, "w") as pipe:
                json.dump(answer, pipe)
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as pipe:
            answer = json.loads(pipe.read() or '{"error": "the helper died"}')
        os.waitpid(child, 0)
        if "error" in answer:
            failure = RuntimeError(answer["error"])
            failure.code, failure.domain = answer.get("code"), answer.get("domain")
            raise failure
        return answer["value"]

    # What is on it.

    def kernel(self, **request):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect("/dev/rig/kernel.sock")
            stream = connection.makefile("rw")
            stream.write(json.dumps(request) + "\n")
            stream.flush()
            answer = json.loads(stream.readline())
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer

    def provide(self, networks, domains):
        addresses = {(p["name"], f["index"]): f["address"] for p in self.kernel(do="state")["pfs"] for f in p["vfs"]}
        find = lambda pf, vf: addresses[pf, vf]
        network_documents = [
            (guests.network(n, find), n.get("active", True), n.get("autostart", False)) for n in networks]
        guest_documents = [(guests.guest(g, find), g.get("running", False), g.get("autostart", False)) for g in domains]
        if network_documents or guest_documents:
            self.in_child(lambda: Hypervisor().provide(network_documents, guest_documents))

    def keep_capabilities(self):
        """What libvirt learned about QEMU, for the hosts to come: asking QEMU takes seconds."""
        mine, shared = "/var/cache/libvirt/qemu/capabilities", f"{self.tools}/capabilities"
        if os.path.isdir(shared):
            return
        subprocess.run(["virsh", "-q", "domcapabilities", "--virttype", "qemu"], capture_output=True)
        if os.path.isdir(mine) and os.listdir(mine):
            # Several hosts may be the first at once: each copies beside, and one of them wins.
            copy = tempfile.mkdtemp(prefix="capabilities.", dir=self.tools)
            shutil.copytree(mine, copy, dirs_exist_ok=True)
            os.chmod(copy, 0o755)
            try:
                os.rename(copy, shared)
            except OSError:
                shutil.rmtree(copy)

    # Requests.

    def answer(self, request):
        kind = request.pop("do")
        if kind == "daemon":
            action = request["action"]
            if action in ("stop", "restart"):
                self.end_daemon(signal.SIGTERM)
            if action == "kill":
                self.end_daemon(signal.SIGKILL)
            if action in ("start", "restart"):
                self.start_daemon()
        elif kind == "reboot":
            self.reboot(**request)
        elif kind == "kernel":
            return self.kernel(**request["request"])
        elif kind == "provide":
            self.provide(request.get("networks", []), request.get("guests", []))
        elif kind == "cue":
            with open(f"{self.folder}/cues/{request['guest']}", "w") as file:
                json.dump(request["cue"], file)
        elif kind == "port":
            network, xml, flags = request["network"], request["xml"], request.get("flags", 1)
            return {"xml": self.in_child(lambda: Hypervisor().create_port(network, xml, flags))}
        elif kind == "state":
            return {**self.in_child(lambda: Hypervisor().state()), **self.kernel(do="state")}
        elif kind == "slow-link":
            path = f"{self.folder}/{request['name']}"
            proxy = subprocess.Popen(
                [sys.executable, "-ES", f"{HERE}/slow_link.py", path, SOCKET, str(request["seconds"])],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, start_new_session=True)
            proxy.stdout.readline()
            proxy.stdout.close()
            return {"socket": path}
        else:
            raise ValueError(f"no such request: {kind}")
        return {}

    def obey(self):
        buffer = b""
        while True:
            data = os.read(0, 1 << 16)
            if not data:
                return
            *lines, buffer = (buffer + data).split(b"\n")
            for line in lines:
                try:
                    answer = self.answer(json.loads(line))
                except Exception as error:
                    answer = {"error": f"{type(error).__name__}: {error}", "code": getattr(error, "code", None),
                              "domain": getattr(error, "domain", None)}
                tell(answer)


def tell(message):
    os.write(1, json.dumps(message).encode() + b"\n")


def main(folder, tools, name):
    """To be called as process 1. It becomes the undertaker; its child becomes the machine, and all ends with that."""
    try:
        Isolation(folder, tools, name).begin()
        machine = Machine(folder, tools, name)
        child = os.fork()
        while child:
            if os.wait()[0] == child:
                return
        machine.boot()
        if machine.daemon:
            machine.keep_capabilities()
            machine.provide(machine.description.get("networks", []), machine.description.get("guests", []))
        tell({"ready": True})
        machine.obey()
    except Exception as error:
        tell({"error": f"{type(error).__name__}: {error}"})
        traceback.print_exc()
    os._exit(0)
