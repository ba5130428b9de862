"""Journals with many changes: copies of one that vfpool wrote, each with its own name and number."""
import json
import os
import shutil
import subprocess
import time


def settle(vfpool, enter):
    """Has vfpool itself make the last change, as on every host: it keeps a list of the newest ones."""
    for value in ("off", "on"):
        subprocess.run([*enter, vfpool, "set", "vfpool-eth1", "--trust", value], check=True, capture_output=True)


def grow(folder, count):
    """Makes a journal of `count` changes out of one of at least one: the newest is copied, and stays the newest."""
    changes = f"{folder}/changes"
    names = sorted((n for n in os.listdir(changes) if "-" in n), key=lambda n: int(n.rsplit("-", 1)[1]))
    last = f"{changes}/{names[-1]}"
    with open(f"{last}/change.json") as file:
        page = json.load(file)
    files = {n: open(f"{last}/{n}", "rb").read() for n in os.listdir(last) if n != "change.json"}
    for name in names:
        shutil.rmtree(f"{changes}/{name}")
    for number in range(1, count + 1):
        began = 1_790_000_000 + 60 * number
        page["id"] = time.strftime("%Y%m%d-%H%M%S", time.gmtime(began)) + f"-042-{number}"
        page["time"] = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(began))
        page["sequence"] = number
        own = f"{changes}/{page['id']}"
        os.mkdir(own, 0o700)
        for name, text in {**files, "change.json": json.dumps(page, indent=2).encode()}.items():
            with open(os.open(f"{own}/{name}", os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
                file.write(text)
