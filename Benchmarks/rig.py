"""A host of the rig, for as long as it is needed."""
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


class Rig:
    """`with Rig(folder of the rig, description) as host`; the host ends with the block, or with this process."""

    def __init__(self, folder, description):
        self.folder, self.description = folder, dict(description)
        self.held = self.description.pop("held", [])

    def __enter__(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(self.description, file)
            file.flush()
            # On a disk, as hosts are: in memory, what is written would cost nothing.
            self.process = subprocess.Popen(
                [f"{self.folder}/rig", "--serve", file.name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                env={**os.environ, "TMPDIR": tempfile.gettempdir()})
            try:
                place = self.answer()
                self.enter = [place["run"], place["folder"]]
                self.answer()
                if self.held:
                    command = [sys.executable, f"{HERE}/reserve.py", self.folder]
                    subprocess.run(self.enter + command, check=True, input=json.dumps(self.held), text=True)
            except BaseException:
                self.__exit__()
                raise
        return self

    def __exit__(self, *_):
        self.process.stdin.close()  # the word to end
        self.process.wait()
        self.process.stdout.close()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the rig ended")
        answer = json.loads(line)
        if answer.get("error"):
            raise RuntimeError(f"the rig: {answer['error']}")
        return answer

    def ask(self, **request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return self.answer()

    def slow_link(self, seconds):
        """The URI of the host behind a link with that round trip."""
        socket = self.ask(do="slow-link", name="slow-link", seconds=seconds)["socket"]
        return f"qemu+unix:///system?socket={socket}"
