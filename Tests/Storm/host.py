"""The host of a storm: a rig, commands on it, and what can be done to a command while it runs."""
import json
import os
import select
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field

HERE = os.path.dirname(os.path.realpath(__file__))
RIG = os.path.join(HERE, "..", "Rig", "rig")
STATE = "/var/lib/vfpool"
DOCUMENTS = "/etc/libvirt/qemu"
ENVIRONMENT = {
    "LIBVIRT_DEFAULT_URI": "qemu:///system", "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/root",
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SWIFT_BACKTRACE": "enable=no",
}


class Broken(Exception):
    """The rig itself, or virsh, does not do what the storm needs: no verdict about vfpool."""


@dataclass
class Result:
    """How a command ended. `status` below 0: by that signal. `hung`: it was ended for taking too long."""
    words: list
    status: int
    out: str
    err: str
    seconds: float
    hung: bool = False
    how: str = ""

    def document(self):
        """The JSON that it printed, or None."""
        try:
            return json.loads(self.out)
        except ValueError:
            return None

    def error(self):
        """The error that it printed, in JSON, or None."""
        try:
            return json.loads(self.err.strip().split("\n")[-1])["error"]
        except (ValueError, KeyError, TypeError):
            return None

    def __str__(self):
        how = f" [{self.how}]" if self.how else ""
        return f"{' '.join(self.words)}{how} -> {self.status} after {self.seconds:.1f} s"


class Running:
    """A command that goes on beside the storm."""

    def __init__(self, prefix, words, environment, text):
        self.words, self.started = words, time.monotonic()
        self.out, self.err = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        self.input = tempfile.TemporaryFile()
        self.input.write(text.encode())
        self.input.seek(0)
        self.process = subprocess.Popen(
            prefix + words, env={**ENVIRONMENT, **environment}, stdin=self.input, stdout=self.out, stderr=self.err)

    def ended(self):
        return self.process.poll() is not None

    def signal(self, number):
        if not self.ended():
            self.process.send_signal(number)

    def wait(self, limit, how=""):
        # Not by wait(limit), which looks only every 50 ms.
        handle = os.pidfd_open(self.process.pid) if not self.ended() else None
        hung = False
        if handle is not None:
            hung = not select.select([handle], [], [], limit)[0]
            os.close(handle)
        if hung:
            self.process.kill()
        self.process.wait()
        texts = []
        for file in (self.out, self.err, self.input):
            file.seek(0)
            texts.append(file.read().decode(errors="replace"))
            file.close()
        words = [os.path.basename(self.words[0]), *self.words[1:]]
        return Result(words, self.process.returncode, texts[0], texts[1], time.monotonic() - self.started, hung, how)


@dataclass
class Link:
    """A way to libvirt that is held up once libvirt has given so many answers (Tests/Rig/slow_link.py)."""
    path: str
    daemon_path: str
    process: int = 0

    @property
    def uri(self):
        return f"qemu+unix:///system?socket={self.path}"

    @property
    def answers(self):
        try:
            with open(f"{self.path}.answers") as file:
                return int(file.read() or 0)
        except (OSError, ValueError):
            return 0

    @property
    def held(self):
        return os.path.exists(f"{self.path}.held")

    def release(self):
        open(f"{self.path}.released", "w").close()

    def cut(self, late):
        with open(f"{self.path}.cut.new", "w") as file:
            file.write(str(late))
        os.rename(f"{self.path}.cut.new", f"{self.path}.cut")


@dataclass
class Host:
    """`with Host(description, vfpool)`; it ends with the block, or with this process."""
    description: dict
    binary: str
    limit: float = 60
    links: int = 0
    starts: int = 0  # of libvirt's daemon
    done: int = 0  # commands and requests so far
    enter: list = field(default_factory=list)

    def __enter__(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(self.description, file)
            file.flush()
            self.rig = subprocess.Popen([RIG, "--serve", file.name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            try:
                place = self.answer()
                self.folder, self.enter, self.socket = place["folder"], [place["run"], place["folder"]], place["socket"]
                self.answer()
                self.prepare()
            except BaseException:
                self.__exit__()
                raise
        return self

    def __exit__(self, *_):
        self.rig.stdin.close()  # the word to end
        self.rig.wait()
        self.rig.stdout.close()

    def answer(self):
        line = self.rig.stdout.readline()
        answer = json.loads(line) if line else {"error": "it ended"}
        if answer.get("error"):
            raise Broken(f"the rig: {answer['error']}")
        return answer

    def ask(self, **request):
        if request != {"do": "kernel", "request": {"do": "state"}}:
            self.done += 1
        self.rig.stdin.write(json.dumps(request) + "\n")
        self.rig.stdin.flush()
        return self.answer()

    def kernel(self, **request):
        return self.ask(do="kernel", request=request)

    def reboot(self, vfs):
        self.starts += 1
        self.__dict__.pop("namespace", None)
        return self.ask(do="reboot", vfs=vfs)

    def daemon(self, action, name=None):
        self.starts += action in ("restart", "kill", "start")
        return self.ask(do="daemon", action=action, **({"name": name} if name else {}))

    @property
    def root(self):
        """Its files, seen from here."""
        with open(f"{self.folder}/init") as file:
            return f"/proc/{file.read().split()[0]}/root"

    @property
    def preloads(self):
        """What programs on it load first: the rig's part of the pretend kernel, and the clock."""
        with open(f"{self.folder}/init") as file:
            return f"{file.read().split()[1]}:{self.folder}/clock.so"

    def prepare(self):
        """vfpool in /usr/bin; the journal and libvirt's documents on disks of their own, which can be made full."""
        library = f"{self.folder}/clock.so"
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", library, f"{HERE}/clock.c"], check=True)
        self.shell(
            f"install -m 755 {self.binary} /usr/bin/vfpool && mkdir -p {STATE} {DOCUMENTS} && chmod 700 {STATE} && "
            f"mount -t tmpfs -o mode=700,size=64m state {STATE} && cp -a {DOCUMENTS} /run/documents && "
            f"mount -t tmpfs -o mode=755,size=64m documents {DOCUMENTS} && cp -a /run/documents/. {DOCUMENTS} && rm -r /run/documents")

    # Commands.

    def start(self, words, environment=None, text=""):
        self.done += 1
        return Running(self.enter, words, environment or {}, text)

    def run(self, words, environment=None, text="", limit=None):
        return self.start(words, environment, text).wait(limit or self.limit)

    def shell(self, script):
        result = self.run(["bash", "-c", script])
        if result.status:
            raise Broken(f"{script}: {result.err}")
        return result.out

    def virsh(self, *words, text=""):
        return self.run(["virsh", "-q", *words], text=text)

    def vfpool(self, words, environment=None, text=""):
        return self.run(["/usr/bin/vfpool", *words], environment, text)

    # What can be done to a vfpool while it runs.

    def link(self, answer):
        """A way to libvirt, held up after so many answers."""
        self.links += 1
        path = self.ask(do="slow-link", name=f"link{self.links}", seconds=0, answer=answer)["socket"]
        return Link(path, self.socket, self.proxy(path))

    @staticmethod
    def proxy(path):
        """The process that is the link: the one whose argument is its socket."""
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{name}/cmdline", "rb") as file:
                    words = file.read().split(b"\0")
            except OSError:
                continue
            if path.encode() in words and any(word.endswith(b"slow_link.py") for word in words):
                return int(name)
        return 0

    @staticmethod
    def close(link):
        if link.process:
            try:
                os.kill(link.process, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def at_answer(self, words, answer, act, how, environment=None, text=""):
        """Runs vfpool; once libvirt has given so many answers, nothing passes while `act(running, link)` does something. Returns
        the result, whether it came to that, and how many answers there were."""
        link = self.link(answer)
        running = self.start(["/usr/bin/vfpool", "-c", link.uri, *words], environment, text)
        try:
            until = time.monotonic() + self.limit
            while not link.held and not running.ended() and time.monotonic() < until:
                time.sleep(0.003)
            held = link.held and not running.ended()
            if held:
                act(running, link)
            link.release()
            result = running.wait(self.limit, f"{how} at answer {answer} of libvirt's{'' if held else ': there were fewer'}")
            if held:
                time.sleep(0.05)
            return result, held, link.answers
        finally:
            link.release()
            self.close(link)

    def at_line(self, words, line, inject, how, environment=None, text=""):
        """Runs vfpool; something happens to it when it writes so many lines into the journal (strace counts its fdatasync)."""
        trace = ["strace", "-f", "-qq", "-o", "/dev/null", "--seccomp-bpf", "-e", "trace=fdatasync", "-e", f"inject=fdatasync:{inject}:when={line}"]
        result = self.run([*trace, "/usr/bin/vfpool", *words], environment, text)
        result.how = f"{how} at line {line} of the journal"
        result.words = ["vfpool", *words]
        return result

    def full(self, folder, spare):
        """The disk of a folder has so many KiB left; `full(folder, None)`: plenty."""
        size = "64m"
        if spare is not None:
            used = int(self.shell(f"df --output=used -k {folder} | tail -n 1"))
            size = f"{used + spare}k"
        self.shell(f"mount -o remount,size={size} {folder}")
