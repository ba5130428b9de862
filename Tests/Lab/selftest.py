#!/usr/bin/python3
"""selftest: does the suite tell apart what it promises to? On a made-up lab host, in a second; `lab test` runs it first."""
import contextlib
import io
import os
import signal
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import suite  # noqa: E402
from guests import Console  # noqa: E402
from host import Failed, Host, Skipped  # noqa: E402
from machine import LabError, Result, Stuck, Unbooted  # noqa: E402


class Done:
    def __init__(self, out="", status=0, err=""):
        self.stdout, self.stderr, self.returncode = out, err, status


class PretendMachine:
    """Answers each command with the first of `answers` whose key is in it."""

    def __init__(self, unbootable=0, answers={}):
        self.unbootable, self.answers, self.boots, self.accelerator = unbootable, dict(answers), 0, "none"
        self.commands, self.stops, self.sign = [], 0, ""
        self.room, self.other, self.begun = 2, None, False

    def begin(self, vfs=None):
        self.begun = True

    def up(self):
        self.waited_for_begun = self.begun and (self.other is None or self.other.begun)
        if self.unbootable:
            self.unbootable -= 1
            raise Unbooted("not up")
        self.boots += 1

    def room_for(self, count):
        return count <= self.room

    def beside(self):
        self.other = PretendMachine()
        return self.other

    def run(self, command, **more):
        self.commands.append(command)
        for key, answer in self.answers.items():
            if key in command:
                answer = answer(command) if callable(answer) else answer
                return Result(command, answer if isinstance(answer, Done) else Done(answer))
        return Result(command, Done())

    def trouble(self):
        return self.sign

    def stop(self):
        self.stops += 1


class SuiteTests(unittest.TestCase):
    def outcome(self, *functions, machine=None, budget=None):
        """(status, last line, all that was said)."""
        machine = machine or PretendMachine()
        kept, suite.tests = suite.tests, lambda names: [(f.__name__, f) for f in functions]
        said = io.StringIO()
        try:
            with contextlib.redirect_stdout(said):
                status = suite.run([machine], [], budget)
        finally:
            suite.tests = kept
        self.assertGreaterEqual(machine.stops, 1)
        return status, said.getvalue().strip().splitlines()[-1], said.getvalue()

    def test_all_is_well(self):
        self.assertEqual(self.outcome(lambda host: host.check("so", True))[:2], (0, "1 passed, 0 failed"))

    def test_a_failed_check_is_never_tried_again(self):
        runs = []
        status, last, _ = self.outcome(lambda host: (runs.append(1), host.check("so", False)))
        self.assertEqual((status, last, len(runs)), (1, "0 passed, 1 failed", 1))

    def test_a_fault_of_the_test_itself_is_a_failure(self):
        self.assertEqual(self.outcome(lambda host: {}["nothing"], lambda host: None)[:2], (1, "1 passed, 1 failed"))

    def test_what_can_not_be_had_is_skipped_by_name(self):
        def lacks(host):
            raise Skipped("no tools")
        status, last, said = self.outcome(lacks, lambda host: None)
        self.assertEqual((status, last), (0, "1 passed, 0 failed, 1 skipped"))
        self.assertIn("skipped: lacks: no tools", said)

    def test_trouble_of_the_lab_is_tried_once_more(self):
        runs = []

        def breaks_once(host):
            runs.append(1)
            if len(runs) == 1:
                raise LabError("QEMU ended")
        status, last, said = self.outcome(breaks_once)
        self.assertEqual((status, last, len(runs)), (0, "1 passed, 0 failed", 2))
        self.assertIn("1 tests were run again", said)

    def test_trouble_twice_is_a_failure_of_the_lab(self):
        def breaks(host):
            raise LabError("QEMU ended")
        status, last, said = self.outcome(breaks, lambda host: None)
        self.assertEqual((status, last), (1, "1 passed, 1 failed"))
        self.assertIn("failed: breaks: the lab itself, not vfpool: QEMU ended", said)

    def test_a_hung_card_explains_a_failed_check(self):
        machine, runs = PretendMachine(), []
        machine.sign = "Tx Unit Hang"

        def fails_once(host):
            runs.append(1)
            host.check("so", len(runs) == 2)
        self.assertEqual(self.outcome(fails_once, machine=machine)[:2], (0, "1 passed, 0 failed"))

    def test_an_unnoticed_early_death_explains_a_failed_check(self):
        machine, runs = PretendMachine(answers={"list --name": "b\n"}), []

        def fails_once(host):
            runs.append(1)
            host.start("a", "b", wait=False)
            host.check("so", len(runs) == 2)
        status, last, said = self.outcome(fails_once, machine=machine)
        self.assertEqual((status, last), (0, "1 passed, 0 failed"))
        self.assertIn("guest a had died in early boot", said)
        # Not when it had booted: then its end is what failed.
        machine.answers["cat /var/log/libvirt/qemu/a.console"] = "GUEST-READY 3.1\n"
        runs.clear()
        self.assertEqual(self.outcome(fails_once, machine=machine)[:2], (1, "0 passed, 1 failed"))

    def test_a_host_that_does_not_boot_is_a_failure_of_the_lab(self):
        status, last, said = self.outcome(lambda host: None, machine=PretendMachine(unbootable=1))
        self.assertEqual((status, last), (1, "0 passed, 1 failed"))
        self.assertIn("the lab itself, not vfpool: not up", said)

    def test_what_no_time_is_left_for_is_skipped_by_name(self):
        def slow(host):
            time.sleep(5)

        def later(host):
            pass
        status, last, said = self.outcome(lambda host: None, slow, later, budget=1)
        self.assertEqual((status, last), (0, "1 passed, 0 failed, 2 skipped"))
        self.assertIn("skipped: slow", said)
        self.assertIn("skipped: later", said)

    def test_a_failure_before_the_budget_is_spent_stays_one(self):
        def slow(host):
            time.sleep(5)
        self.assertEqual(self.outcome(lambda host: host.check("so", False), slow, budget=1)[:2], (1, "0 passed, 1 failed, 1 skipped"))


    def double(self, *log, fails=False):
        """A test that needs two lab hosts."""
        def double(first, second):
            first.check("one is beside the other", first.machine.other is second.machine)
            for line in log:
                line.append("double")
            second.check("so", not fails)
        double.hosts = 2
        return double

    def test_two_hosts_are_had_after_what_needs_one(self):
        machine, order = PretendMachine(), []
        status, last, said = self.outcome(self.double(order), lambda host: order.append("single"), machine=machine)
        self.assertEqual((status, last, order), (0, "2 passed, 0 failed", ["single", "double"]), said)
        self.assertIn("lab: 2 checks, 3 boots", said)
        self.assertTrue(machine.waited_for_begun)
        self.assertEqual(machine.other.stops, 1)

    def test_both_of_two_hosts_end_with_a_failure(self):
        machine = PretendMachine()
        status, last, said = self.outcome(self.double(fails=True), machine=machine)
        self.assertEqual((status, last), (1, "0 passed, 1 failed"))
        self.assertEqual(machine.other.stops, 1)
        for one in (machine, machine.other):
            self.assertTrue(any("vfpool log" in command for command in one.commands))

    def test_trouble_of_the_other_host_counts_too(self):
        machine, runs = PretendMachine(), []

        def double(first, second):
            runs.append(1)
            second.machine.sign = "Tx Unit Hang"
            second.check("so", len(runs) == 2)
        double.hosts = 2
        self.assertEqual(self.outcome(double, machine=machine)[:2], (0, "1 passed, 0 failed"))

    def test_two_hosts_without_the_memory_are_skipped_by_name(self):
        machine = PretendMachine()
        machine.room = 1
        status, last, said = self.outcome(self.double(), machine=machine)
        self.assertEqual((status, last), (0, "0 passed, 0 failed, 1 skipped"))
        self.assertIn("skipped: double: two lab hosts need more memory than is free", said)


class SideBySideTests(unittest.TestCase):
    """Several tests at once, each in a process; what they do is seen in files."""

    def outcome(self, *functions, machines=2, budget=None):
        """(status, all that was said)."""
        kept, suite.tests = suite.tests, lambda names: [(f.__name__, f) for f in functions]
        with tempfile.TemporaryFile("w+") as said:
            out = os.dup(1)
            try:
                sys.stdout.flush()
                os.dup2(said.fileno(), 1)
                status = suite.run([PretendMachine() for _ in range(machines)], [], budget)
            finally:
                suite.tests = kept
                sys.stdout.flush()
                os.dup2(out, 1)
                os.close(out)
            said.seek(0)
            return status, said.read()

    def test_two_run_at_once(self):
        with tempfile.TemporaryDirectory() as folder:
            def meet(own, other):
                open(f"{folder}/{own}", "w").close()
                end = time.monotonic() + 60
                while not os.path.exists(f"{folder}/{other}") and time.monotonic() < end:
                    time.sleep(0.01)
                return os.path.exists(f"{folder}/{other}")

            def left(host):
                host.check("the right one is there", meet("left", "right"))

            def right(host):
                host.check("the left one is there", meet("right", "left"))

            def third(host):
                host.check("so", True)
            status, said = self.outcome(left, right, third)
        self.assertEqual((status, said.splitlines()[-1]), (0, "3 passed, 0 failed"), said)
        self.assertIn("lab: 3 checks, 3 boots, 2 at once", said)

    def test_what_a_test_says_is_a_whole(self):
        def talks(host):
            for number in range(200):
                host.say(f"line {number}")

        def talks_too(host):
            talks(host)
        _, said = self.outcome(talks, talks_too)
        lines = [line for line in said.splitlines() if line.startswith("line ")]
        self.assertEqual(lines, 2 * [f"line {number}" for number in range(200)])

    def test_what_needs_two_hosts_runs_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            def single(host):
                time.sleep(0.3)
                open(f"{folder}/{len(os.listdir(folder))}", "w").close()

            def double(first, second):
                second.check("the others are done", len(os.listdir(folder)) == 2, os.listdir(folder))

            def single_too(host):
                time.sleep(0.6)
                open(f"{folder}/too", "w").close()
            double.hosts = 2
            status, said = self.outcome(double, single, single_too)
        self.assertEqual((status, said.splitlines()[-1]), (0, "3 passed, 0 failed"), said)

    def test_failures_and_ends_of_processes_are_counted(self):
        def fails(host):
            host.check("so", False)

        def vanishes(host):
            os._exit(9)

        def passes(host):
            pass
        status, said = self.outcome(fails, vanishes, passes)
        self.assertEqual((status, said.splitlines()[-1]), (1, "1 passed, 2 failed"), said)
        self.assertIn("failed: vanishes: its process ended with 9", said)

    def test_what_no_time_is_left_for_is_skipped_by_name(self):
        def quick(host):
            pass

        def slow(host):
            time.sleep(60)

        def slow_too(host):
            time.sleep(60)

        def later(host):
            pass
        status, said = self.outcome(quick, slow, slow_too, later, budget=2)
        self.assertEqual((status, said.splitlines()[-1]), (0, "1 passed, 0 failed, 3 skipped"), said)
        for name in ("slow", "slow_too", "later"):
            self.assertIn(f"skipped: {name}: no time is left for it", said)

    def test_both_end_with_who_began_them(self):
        with tempfile.TemporaryDirectory() as folder:
            def stays(host):
                open(f"{folder}/{os.getpid()}", "w").close()
                time.sleep(600)

            def stays_too(host):
                stays(host)
            parent = os.fork()
            if not parent:
                signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
                try:
                    self.outcome(stays, stays_too)
                finally:
                    os._exit(0)
            end = time.monotonic() + 60
            while len(os.listdir(folder)) < 2 and time.monotonic() < end:
                time.sleep(0.01)
            workers = os.listdir(folder)
            self.assertEqual(len(workers), 2)
            os.kill(parent, signal.SIGTERM)
            os.waitpid(parent, 0)
            # Whom the parent did not wait for has another parent now, and ends all the same.
            end = time.monotonic() + 60
            while any(os.path.exists(f"/proc/{worker}") for worker in workers) and time.monotonic() < end:
                time.sleep(0.01)
            self.assertFalse([worker for worker in workers if os.path.exists(f"/proc/{worker}")])


class HostTests(unittest.TestCase):
    def host(self, **answers):
        said = []
        machine = PretendMachine(answers=answers)
        return Host(machine, said.append), machine, said

    def test_a_vfpool_that_crashes_or_hangs_has_failed(self):
        def hangs(command):
            raise Stuck("not done")
        for answer in (Done(status=139), Done(status=70), Done(status=1), hangs):
            with self.assertRaises(Failed):
                self.host(vfpool=answer)[0].vfpool("status")
        with self.assertRaises(Failed):
            self.host(vfpool=Done(status=139))[0].vfpool("bind a", refused=True)
        self.host(vfpool=Done(status=1))[0].vfpool("bind a", refused=True)

    def test_a_guest_that_dies_in_early_boot_is_counted_and_started_again(self):
        states = iter(["a ended\n", "a ready\n"])
        host, machine, said = self.host(**{"SECONDS": lambda command: next(states)})
        host.start("a")
        self.assertEqual(host.deaths, 1)
        self.assertEqual(sum("virsh -q start a" in command for command in machine.commands), 2)
        self.assertIn("died in early boot", said[0])

    def test_a_guest_that_always_dies_is_the_labs_doing(self):
        host, _, _ = self.host(**{"SECONDS": "a ended\n"})
        with self.assertRaises(LabError):
            host.start("a")

    def test_a_guest_that_ends_after_it_has_booted_is_a_failure(self):
        host, _, _ = self.host(**{"SECONDS": "a ended\n", "cat /var": "GUEST-READY 3.1\n"})
        with self.assertRaises(Failed):
            host.start("a")

    def test_a_qemu_that_ends_without_a_word_is_started_again(self):
        closed = "error: Failed to start domain 'a'\nerror: internal error: qemu unexpectedly closed the monitor"
        answers = iter([Done(status=1, err=closed + "\n"), Done()])
        host, _, _ = self.host(**{"virsh -q start a": lambda command: next(answers)})
        host.start("a", wait=False)
        self.assertEqual((host.deaths, host.expected), (1, {"a"}))
        for err in (closed + ": vfio 0000:01:10.0: group 3 is not viable\n", "error: none are available\n"):
            host, _, _ = self.host(**{"virsh -q start a": Done(status=1, err=err)})
            with self.assertRaises(Failed):
                host.start("a")

    def test_a_guest_that_moved_has_one_console(self):
        first, _, _ = self.host(**{"cat /var": "GUEST-READY 3.1\nGUEST-PI"})
        second, machine, _ = self.host(**{"stat": "7\n", "tail -c +8": "NG 10.9.0.1 yes\n"})
        first.expected = {"a"}
        with second.taking("a", first):
            pass
        console = second.console("a")
        self.assertEqual((console.ready, console.answers), (True, {"10.9.0.1": True}))
        self.assertEqual((first.expected, second.expected), (set(), {"a"}))
        # And back, to a console that has the beginning already.
        first.machine.answers = {"stat": "24\n", "tail -c +25": "GUEST-PING 10.9.0.1 no\n"}
        with first.taking("a", second):
            pass
        self.assertEqual(first.console("a").text, "GUEST-READY 3.1\nGUEST-PING 10.9.0.1 yes\nGUEST-PING 10.9.0.1 no\n")
        first.start("a", wait=False)
        self.assertEqual(first.heard, {})

    def test_a_guest_that_hangs_is_started_again(self):
        states = iter(["", "a ready\n"])
        host, machine, _ = self.host(**{"SECONDS": lambda command: next(states)})
        host.ready("a", limit=-1)
        self.assertEqual(host.deaths, 1)
        self.assertIn("virsh -q destroy a", machine.commands)


class ConsoleTests(unittest.TestCase):
    def test_what_a_guest_says(self):
        console = Console(
            "noise\r\nGUEST-CHANGE 3.4\r\nGUEST-NIC eth0 52:54:00:00:00:01 igbvf link=down vlan=none\r\nGUEST-END\r\nGUEST-READY 3.5\r\n"
            "GUEST-PING 10.9.0.1 no\r\nGUEST-PING 10.9.0.1 yes\r\nGUEST-CHANGE 9.1\r\nGUEST-END\r\n")
        self.assertTrue(console.ready)
        self.assertEqual((console.nics, len(console.history)), ({}, 2))
        self.assertEqual(console.history[0]["52:54:00:00:00:01"]["driver"], "igbvf")
        self.assertEqual((console.answers, console.reached), ({"10.9.0.1": True}, {"10.9.0.1"}))

    def test_a_line_that_is_being_printed_is_none_yet(self):
        text = ("GUEST-CHANGE 3.4\r\nGUEST-NIC eth1 52:54:00:00:00:01 virtio_net link=1 vlan=none drops=12\r\nGUEST-END\r\nGUEST-READY 3.5\r\n"
                "GUEST-PING 10.9.0.1 yes\r\n")
        for end in range(len(text)):
            console = Console(text[:end])
            self.assertIn(console.answers, ({}, {"10.9.0.1": True}))
            self.assertIn([nic["drops"] for nic in console.nics.values()], ([], [12]))
            self.assertEqual(console.ready, "GUEST-READY 3.5\r\n" in text[:end])

    def test_the_halves_of_a_failover_nic(self):
        console = Console(
            "GUEST-CHANGE 3.4\nGUEST-SLAVE eth1 eth0 52:54:00:00:00:01 igbvf link=down\nGUEST-NIC eth1 52:54:00:00:00:01 virtio_net link=1 "
            "vlan=none\nGUEST-SLAVE eth1 eth2 52:54:00:00:00:01 virtio_net link=1\nGUEST-END\nGUEST-CHANGE 9.1\n"
            "GUEST-NIC eth1 52:54:00:00:00:01 virtio_net link=1 vlan=none drops=2\nGUEST-END\n")
        slaves = console.history[0]["52:54:00:00:00:01"]["slaves"]
        self.assertEqual({driver: (half["name"], half["link"]) for driver, half in slaves.items()},
                         {"igbvf": ("eth0", False), "virtio_net": ("eth2", True)})
        alone = console.nics["52:54:00:00:00:01"]
        self.assertEqual((len(console.nics), alone["slaves"], alone["drops"]), (1, {}, 2))

    def test_a_vf_that_came_up_without_a_link(self):
        def dead(nic, slave=""):
            return Console(f"GUEST-CHANGE 1\nGUEST-NIC {nic}\n{slave}\nGUEST-END\n").has_dead_vf()
        self.assertTrue(dead("eth0 52:54:00:00:00:01 igbvf link=0 vlan=none"))
        self.assertFalse(dead("eth0 52:54:00:00:00:01 igbvf link=1 vlan=none"))
        pair = "eth0 52:54:00:00:00:01 virtio_net link=1 vlan=none", "GUEST-SLAVE eth0 eth1 52:54:00:00:00:01 igbvf link="
        self.assertEqual([dead(pair[0], pair[1] + link) for link in ("down", "1")], [True, False])


if __name__ == "__main__":
    unittest.main()
