"""Runs the tests on one lab host, one after the other, and counts."""
import glob
import importlib.util
import os
import sys
import time
import traceback

from host import Failed, Host
from machine import LabError

HERE = os.path.dirname(os.path.realpath(__file__))


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
            full = f"{stem}.{name}"
            if name.startswith("test_") and callable(function) and (not names or any(part in full for part in names)):
                yield full, function


def run(machine, names):
    started = time.monotonic()
    chosen = list(tests(names))
    if not chosen:
        say(f"lab: no test is called {' '.join(names)}")
        return 64
    passed, failed = 0, []
    try:
        machine.start()
        say(f"lab: the host is up after {time.monotonic() - started:.0f} s (accelerator {machine.accelerator})")
        host = Host(machine, say)
        for name, function in chosen:
            began = time.monotonic()
            say(f"\n== {name}: {(function.__doc__ or '').strip()}")
            try:
                function(host)
                passed += 1
                say(f"   passed in {time.monotonic() - began:.0f} s")
            except LabError:
                raise
            except Exception as error:
                failed.append(name)
                text = str(error) if isinstance(error, Failed) else traceback.format_exc()
                say(f"   FAILED after {time.monotonic() - began:.0f} s: {text}")
                say(evidence(machine))
    except LabError as error:
        failed.append("the lab itself")
        say(f"   FAILED: the lab itself, not vfpool: {error}")
    finally:
        machine.stop()
    say("")
    for name in failed:
        say(f"failed: {name}")
    if "host" in locals():
        say(f"lab: {host.checks} checks, {machine.boots} boots, {time.monotonic() - started:.0f} s, "
            f"{host.deaths} guests died in early boot and were started again")
    say(f"{passed} passed, {len(failed)} failed")
    return 1 if failed or not passed else 0


def evidence(machine):
    """What may explain a failure, from the host."""
    try:
        return machine.run(
            "virsh list --all; virsh net-list --all; ip link show eth3; ip link show eth4; "
            "journalctl -q -b -u libvirtd -p warning --no-pager | tail -n 8; vfpool status; vfpool log | head -n 6").text
    except Exception as error:
        return f"(no evidence: {error})"
