# Copyright: the vfpool authors
# Apache License 2.0 (see https://www.apache.org/licenses/LICENSE-2.0)
"""vfpool on the managed host: what it answers by its JSON and exit status, never by its words."""
from __future__ import annotations

import json
import re
import subprocess

from ansible_collections.vfpool.vfpool.plugins.module_utils.differences import line

OLDEST = (0, 1, 0)
FORM = 1  # of its JSON
# Its exit status when something of a change stays done, or may.
LEFT_SOMETHING = (3, 5)

ARGUMENTS = {
    "executable": {"type": "path", "default": "vfpool"},
    "uri": {"type": "str"},
    "timeout": {"type": "int", "default": 30},
}
CHANGING = {"lock_wait": {"type": "int", "default": 10}}


class Answer:
    """What a command ended with, its document and its error; either is None if there was none."""

    def __init__(self, status, document, error):
        self.status, self.document, self.error = status, document, error

    @property
    def blocked(self):
        """Whether all of it was done but what can't be."""
        return self.document is not None and bool(self.error) and self.error["code"] == "blocked"


class Program:
    """Fails the module where there is no vfpool, or one that is too old for it."""

    def __init__(self, module):
        self.module = module
        for name in ("timeout", "lock_wait", "wait"):
            if module.params.get(name, 0) < 0:
                self.fail("usage", f"{name} has to be 0 or more, not {module.params[name]}")
        wanted = module.params["executable"]
        self.path = wanted if "/" in wanted else module.get_bin_path(wanted, opt_dirs=["/usr/local/bin"])
        if not self.path:
            self.fail("no-vfpool", f"there is no program {wanted} on this host", hints=[
                "install its package: role vfpool.vfpool.host does, or name its place: executable"])
        status, out, err = self.run(["--version"])
        number = re.match(r"\d+(\.\d+)*", out)
        if status != 0 or not number:
            self.fail("no-vfpool", f"{self.path} is no vfpool that runs here", cause=(err or out).strip()[-1000:] or None)
        self.version = number[0]
        if tuple(int(part) for part in self.version.split(".")) < OLDEST:
            self.too_old(f"it is vfpool {self.version}, this collection needs {'.'.join(map(str, OLDEST))}")

    def run(self, words, text=None):
        # Not by run_command: to that it is a fault if vfpool ends before it has read all, as it does where libvirt can't be asked.
        given = {"stdin": subprocess.DEVNULL} if text is None else {"input": text.encode("utf-8", "surrogateescape")}
        try:
            ended = subprocess.run([self.path, *words], capture_output=True, check=False, **given)
        except OSError as error:
            self.fail("no-vfpool", f"{self.path} can't be run", cause=error.strerror)
        return ended.returncode, ended.stdout.decode("utf-8", "replace"), ended.stderr.decode("utf-8", "replace")

    def ask(self, command, *words, text=None):
        """Runs it with what all commands have in common; `text` is its standard input."""
        params = self.module.params
        command = [command] if isinstance(command, str) else command
        common = ["--format", "json", "--timeout", str(params["timeout"])]
        if params["uri"]:
            common += ["--connect", params["uri"]]
        status, out, err = self.run([*command, *common, *words], text)
        document, error = self.parsed(out), self.parsed(err.rstrip().rpartition("\n")[2])
        error = error.get("error") if error else None
        if status == 64 and error:
            self.too_old(error["message"])
        if document is None and error is None:
            self.fail("no-json", f"vfpool {' '.join(command)} ended with {status} and no answer", exit_status=status,
                      cause=(err or out).strip()[-1000:] or None)
        return Answer(status, document, error)

    def change(self, command, *words, text=None):
        """The same of what changes the host; in check mode only the plan of it is made."""
        params = self.module.params
        dry = ["--dry-run"] if self.module.check_mode else []
        return self.ask(command, "--yes", "--lock-wait", str(params["lock_wait"]), *dry, *words, text=text)

    def result(self, document):
        """Of a change, as a module has it."""
        plan = document["plan"]
        result = {
            "changed": bool(plan["steps"]) if self.module.check_mode else document["changed"],
            "change": document["change"],
            "summary": document["summary"],
            "notes": plan["notes"],
            "warned": plan["warnings"],
            "plan": {name: plan[name] for name in ("add", "change", "remove", "steps")},
        }
        if self.module._diff:
            result["diff"] = [{"prepared": shown(document)}]
        return result

    def checked(self, answer, **more):
        """Its document; fails the module if it has none, or ended otherwise than well."""
        if answer.document is None or answer.error:
            self.fail_with(answer, **more)
        return answer.document

    def fail_with(self, answer, **more):
        error = answer.error or {"code": "no-json", "message": "vfpool gave no reason", "cause": None, "hints": []}
        self.fail(error["code"], error["message"], error["cause"], error["hints"], exit_status=answer.status,
                  changed=answer.status in LEFT_SOMETHING or bool((answer.document or {}).get("changed")), **more)

    def too_old(self, cause):
        self.fail("too-old", f"{self.path} is too old for this collection", cause=cause, hints=["install a later vfpool there"])

    def fail(self, code, message, cause=None, hints=(), **more):
        self.module.fail_json(msg=message, code=code, cause=cause, hints=list(hints), **more)

    def parsed(self, text):
        """An object of the form that is known here."""
        try:
            document = json.loads(text)
        except ValueError:
            return None
        if not isinstance(document, dict):
            return None
        if document.get("version") != FORM:
            self.fail("other-form", f"{self.path} answers in form {document.get('version')} of its JSON, not {FORM}",
                      hints=["install the collection that came with it"])
        return document


def shown(document):
    """For Ansible's diff mode: what differs from the spec, then each document's difference."""
    lines = [line(difference) + "\n" for difference in document.get("differences") or []]
    return "".join(lines + [part["diff"] for part in document["plan"]["documents"]])
