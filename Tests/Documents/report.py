"""What was found, and how much was looked at."""
import collections
import re
import resource


def kind(words):
    """What libvirt says, without the names and numbers in it."""
    return re.sub(r"'[^']*'|\"[^\"]*\"|/\S+|\d+", "…", words)[:100]


class Report:
    def __init__(self):
        self.counts, self.refused, self.left_out = collections.Counter(), collections.Counter(), collections.Counter()
        self.faults = 0

    def fault(self, rule, subject, text=""):
        self.faults += 1
        if self.faults <= 40:
            print(f"FAULT {rule}: {subject}\n{text[:4000]}", flush=True)

    def same(self, rule, paths, before, now):
        """Documents by name, byte for byte; those that differ are told."""
        import judge
        for name, text in before.items():
            if now.get(name) != text:
                self.fault(rule, paths.get(name, name), judge.difference(text, now.get(name) or "gone"))

    def answered(self, rule, answer, words="", status=0):
        """Whether a command ended as it should, and printed these words."""
        if answer.status == status and words in answer.out + answer.err:
            return True
        self.fault(rule, "", f"{answer}\n{answer.out[:1000]}")
        return False

    def close(self, libvirtd):
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        own = resource.getrusage(resource.RUSAGE_SELF)
        seconds = used.ru_utime + used.ru_stime + own.ru_utime + own.ru_stime
        for title, counts in (("libvirt refuses", self.refused), ("vfpool refuses", self.left_out)):
            for words, count in counts.most_common():
                print(f"{title}: {count:4} {words}")
        print(", ".join(f"{name} {count}" for name, count in self.counts.items()))
        print(f"{self.faults} faults; {seconds:.0f} s of processor time, libvirt {libvirtd:.0f} s")
        return 1 if self.faults else 0
