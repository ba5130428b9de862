"""Timed runs, and what becomes of them."""
import os
import re
import statistics
import subprocess
import tempfile


class Broken(Exception):
    """A measurement that means nothing: something failed, or the two did not do the same work."""


class Run:
    """One timed run: seconds by the clock and of the processor, peak memory in MiB, and what it printed."""

    def __init__(self, measure, command, enter=(), terminal=None):
        """`terminal`: for how many seconds it is run on one."""
        words = [measure, *(["-t", str(terminal)] if terminal else [])]
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors, tempfile.NamedTemporaryFile() as figures:
            done = subprocess.run(
                [*enter, *words, figures.name, *command], stdin=subprocess.DEVNULL, stdout=output, stderr=errors)
            text = figures.read().split()
            if done.returncode or len(text) != 4 or int(text[3]):
                errors.seek(0)
                raise Broken(f"{' '.join(command)} failed: {errors.read().decode(errors='replace').strip()}")
            self.seconds, self.processor, self.memory = int(text[0]) / 1e6, int(text[1]) / 1e6, int(text[2]) / 1024
            output.seek(0)
            self.output = output.read()
            if not self.output:
                raise Broken(f"{' '.join(command)} printed nothing")


class Pairs:
    """Two commands in turn, again and again: what disturbs one disturbs the other, so the ratio of a pair is worth more than
    either time."""

    def __init__(self, measure, floor, vfpool, count, enter=(), but=None):
        """`but`: a pattern of what may be another each time, as the time is."""
        for command in (floor, vfpool):
            Run(measure, command, enter)  # warms the caches
        self.floor, self.vfpool = [], []
        for _ in range(count):
            self.floor.append(Run(measure, floor, enter))
            self.vfpool.append(Run(measure, vfpool, enter))
        for runs in (self.floor, self.vfpool):
            if len({re.sub(but, b"", r.output) if but else r.output for r in runs}) > 1:
                raise Broken("the same command did not print the same each time")
        self.ratios = [v.seconds / f.seconds for f, v in zip(self.floor, self.vfpool)]
        self.ratio = statistics.median(self.ratios)

    @property
    def spread(self):
        return f"{self.ratio:.3f} ({min(self.ratios):.3f}–{max(self.ratios):.3f})"


def seconds(runs):
    return statistics.median(r.seconds for r in runs)


def processor(runs):
    return statistics.median(r.processor for r in runs)


def memory(runs):
    return max(r.memory for r in runs)


def milliseconds(value):
    return f"{value * 1000:.1f} ms" if value < 0.1 else f"{value * 1000:.0f} ms"


def compile_c(source, target, *libraries):
    os.makedirs(os.path.dirname(target), exist_ok=True)
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", *libraries], check=True, capture_output=True, text=True).stdout.split() if libraries else []
    subprocess.run(["gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", target, source, *flags], check=True)
