"""Runs the tests, each on a lab host of its own, some at once, then those that need two, and counts. Three things are told apart:
a check that does not hold (FAILED, never tried again); the lab itself in trouble (the test is run once more on another lab host;
twice is a failure of the lab); what can't be had, or no time is left for (skipped, by name)."""
import glob
import importlib.util
import multiprocessing
import multiprocessing.connection
import os
import resource
import signal
import time
import traceback

from host import Failed, Host, Skipped
from machine import LabError, die_with_parent

HERE = os.path.dirname(os.path.realpath(__file__))


class OutOfTime(BaseException):
    """The budget is spent."""


def say(text):
    print(text, flush=True)


def tests(names):
    """(name, function) in the order of the files' names and, within one, of its text."""
    for path in sorted(glob.glob(f"{HERE}/tests/*.py")):
        stem = os.path.basename(path)[:-3]
        spec = importlib.util.spec_from_file_location(stem, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for name, function in vars(module).items():
            full = f"{stem}.{name.removeprefix('test_')}"
            if name.startswith("test_") and callable(function) and (not names or any(part in full for part in names)):
                yield full, function


def hosts(function):
    return getattr(function, "hosts", 1)


class Tally:
    def __init__(self):
        self.passed, self.failed, self.skipped = 0, {}, {}
        self.checks = self.deaths = self.repeated = self.boots = 0

    def add(self, other):
        self.failed.update(other.failed)
        self.skipped.update(other.skipped)
        for name in ("passed", "checks", "deaths", "repeated", "boots"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def close(self, more=""):
        say("")
        for name, reason in self.failed.items():
            say(f"failed: {name}: {reason}")
        for name, reason in self.skipped.items():
            say(f"skipped: {name}: {reason}")
        if more:
            say(f"lab: {self.checks} checks, {more}; {self.deaths} guests did not get through early boot; "
                f"{self.repeated} tests were run again because of the lab")
        skipped = f", {len(self.skipped)} skipped" if self.skipped else ""
        say(f"{self.passed} passed, {len(self.failed)} failed{skipped}")
        return 1 if self.failed else 0


def skip_all(names, reason):
    tally = Tally()
    tally.skipped = {f"lab {name}": reason for name, _ in tests(names)}
    return tally.close()


def run(machines, names, budget=None):
    """`machines`: as many tests run at once. `budget`: seconds after which what has not ended is skipped; None for no limit."""
    chosen = list(tests(names))
    if not chosen:
        say(f"lab: no test is called {' '.join(names)}")
        return 64
    started = time.monotonic()
    tally = Tally()
    until = None if budget is None else started + max(budget, 0.1)
    # Two lab hosts are as many as run at once.
    single, double = ([test for test in chosen if (hosts(test[1]) > 1) is many] for many in (False, True))
    late = _side_by_side(machines, single, tally, until) if len(machines) > 1 else _in_turn(machines[0], single, tally, until)
    late += _in_turn(machines[0], double, tally, until)
    tally.skipped.update(dict.fromkeys(late, "no time is left for it"))
    seconds, used = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    at_once = f", {len(machines)} at once" if len(machines) > 1 else ""
    return tally.close(f"{tally.boots} boots{at_once}, {seconds:.0f} s, {used.ru_utime + used.ru_stime:.0f} s of processor time, "
                       f"load {os.getloadavg()[2]:.1f} on {os.cpu_count()} processors")


def _in_turn(machine, chosen, tally, until):
    """Names of those for which there was no time."""
    done = 0
    if not chosen:
        return []

    def end(number, frame):
        raise OutOfTime
    if until is not None:
        signal.signal(signal.SIGALRM, end)
        signal.setitimer(signal.ITIMER_REAL, max(until - time.monotonic(), 0.1))
    try:
        for name, function in chosen:
            _run_test(machine, name, function, tally)
            done += 1
    except OutOfTime:
        say("   OUT OF TIME: not failed, not passed")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        machine.stop()
        tally.boots += machine.boots
        machine.boots = 0
    return [name for name, _ in chosen[done:]]


def _side_by_side(machines, chosen, tally, until):
    """A process for each machine, which takes the next test when it is done with one. What a test says is shown as a whole."""
    fork = multiprocessing.get_context("fork")
    workers, waiting, late = {}, list(range(len(chosen))), []
    try:
        for machine in machines:
            here, there = fork.Pipe()
            process = fork.Process(target=_work, args=(machine, chosen, there, here, until))
            process.start()
            there.close()
            workers[here] = [process, None]
        while workers:
            for line in multiprocessing.connection.wait(list(workers)):
                try:
                    said = line.recv()
                except EOFError:
                    process, index = workers.pop(line)
                    process.join()
                    if index is not None:
                        tally.failed[chosen[index][0]] = f"its process ended with {process.exitcode}"
                    continue
                if said is not None:
                    say(said["text"])
                    tally.add(said["tally"])
                    late += said["late"]
                index = waiting.pop(0) if waiting and (until is None or time.monotonic() < until) else None
                workers[line][1] = index
                line.send(index)
        return [name for name, _ in chosen if name in late] + [chosen[index][0] for index in waiting]
    finally:
        for process, _ in workers.values():
            process.terminate()
        for process, _ in workers.values():
            process.join()


def _work(machine, chosen, line, other, until):
    global say
    other.close()
    die_with_parent(signal.SIGTERM)
    lines = []
    say = lines.append
    said = None
    while True:
        line.send(said)
        index = line.recv()
        if index is None:
            break
        name = chosen[index][0]
        print(f"lab: {name} begins", flush=True)
        lines.clear()
        tally = Tally()
        late = _in_turn(machine, [chosen[index]], tally, until)
        said = {"text": "\n".join(lines), "tally": tally, "late": late}
    # Without what the parent's own end has to do.
    os._exit(0)


def _run_test(machine, name, function, tally):
    say(f"\n== {name}: {(function.__doc__ or '').strip()}")
    for last in (False, True):
        began = time.monotonic()
        machines = [machine]
        those = [Host(machine, say)]
        up = False
        try:
            if hosts(function) > 1:
                if not machine.room_for(2):
                    raise Skipped("two lab hosts need more memory than is free")
                machines.append(machine.beside())
                those.append(Host(machines[1], say))
            for one in machines:
                one.begin(**({"vfs": function.vfs} if hasattr(function, "vfs") else {}))
            for one in machines:
                one.up()
            up = True
            what = "a lab host is" if len(machines) == 1 else "two lab hosts are"
            say(f"    ({what} up after {time.monotonic() - began:.0f} s, accelerator {machine.accelerator})")
            function(*those)
            tally.passed += 1
            return say(f"   passed in {time.monotonic() - began:.0f} s, {sum(host.checks for host in those)} checks")
        except Skipped as reason:
            tally.skipped[name] = str(reason)
            return say(f"   skipped: {reason}")
        except Exception as error:
            text = str(error) if isinstance(error, (Failed, LabError)) else traceback.format_exc()
            trouble = text if isinstance(error, LabError) else "; ".join(filter(None, map(_trouble, those))) if up else ""
            seconds = f"after {time.monotonic() - began:.0f} s"
            if not trouble:
                tally.failed[name] = text.strip().splitlines()[0]
                return say(f"   FAILED {seconds}: {text}\n" + "\n".join(map(_evidence, machines)))
            say(f"   THE LAB ITSELF FAILED {seconds}, not vfpool: {trouble}" + (f"\n{text}" if text != trouble else ""))
            if last or not up:
                # Starting a lab host has tries of its own.
                return tally.failed.update({name: f"the lab itself, not vfpool: {trouble.splitlines()[0]}"})
            tally.repeated += 1
            say("   run once more, on another lab host")
        finally:
            for host, one in zip(those, machines):
                tally.checks += host.checks
                tally.deaths += host.deaths
                one.stop()
            for one in machines[1:]:
                machine.boots += one.boots


def _trouble(host):
    try:
        return host.trouble()
    except LabError as error:
        return str(error)
    except Exception:
        return ""


def _evidence(machine):
    """What may explain a failure, from the host."""
    try:
        return machine.run(
            "virsh list --all; virsh net-list --all; ip link show eth3; ip link show eth4; "
            "journalctl -q -b -u libvirtd -p warning --no-pager | tail -n 8; vfpool status; vfpool log | head -n 6").text
    except Exception as error:
        return f"(no evidence: {error})"
