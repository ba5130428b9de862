"""Types lines into an interactive shell on a terminal of its own, each ended by TAB and Enter, and tells what vfpool would
have been run with. Reads one JSON object: shell, folder, vfpool, script, and lines: [{"host", "typed", "keys"}], where
host is the document of libvirt's test driver that names come from. Prints a JSON list with the arguments of each line, null
where nothing was run."""
import json, os, pty, select, signal, sys, time

task = json.load(sys.stdin)
folder, shell = task["folder"], task["shell"]
home, work, binaries, record = (folder + "/" + name for name in ["home", "work", "bin", "record"])
# Without its folder of generated completions fish begins to make them from all the machine's man pages, and goes on when it
# has ended itself.
for path in [home + "/.config/fish", home + "/.local/share/fish/generated_completions", work, binaries]:
    os.makedirs(path, exist_ok=True)


def write(path, text, mode=0o644):
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, mode)


# vfpool gives up on a host after two seconds, which a busy machine can take longer than.
write(binaries + "/vfpool", f"""#!/bin/sh
[ "$1" = ---complete ] && exec nice -n -15 {task["vfpool"]} "$@" 2>/dev/null
printf '%s\\0' "$@" > {record}.new && mv {record}.new {record}
""", 0o755)
write(home + "/rc.bash", f"PS1='> '\n{task.get('rc', '')}\n. {task['script']}\n")
write(home + "/.zshrc", f"PS1='> '\nsetopt interactive_comments\nautoload -U compinit\ncompinit -u -D\n. {task['script']}\n")
write(home + "/.config/fish/config.fish", f"set fish_greeting\nsource {task['script']}\n")
words = {
    "bash": ["bash", "--noprofile", "--rcfile", home + "/rc.bash", "-i"],
    "zsh": ["zsh", "-d", "-i"],
    "fish": ["fish", "--interactive"],
}[shell]
environment = {
    "PATH": binaries + ":/usr/bin:/bin", "HOME": home, "ZDOTDIR": home, "TERM": "xterm", "LC_ALL": "C.UTF-8",
    "INPUTRC": "/dev/null", "HISTFILE": "/dev/null", "COLUMNS": "2000", "LIBVIRT_DEFAULT_URI": f"test://{folder}/host.xml",
    "VFPOOL_STATE_DIR": folder + "/state", "SHELL": "/bin/sh",
}

child = terminal = None
seen = b""


def stop():
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(terminal)


def start():
    global child, terminal
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(work)
        os.execvpe(words[0], words, environment)
    type_keys("vfpool ready\r")
    if wait(60) is None:
        sys.exit(f"{shell} did not start: {seen!r}")


def wait(seconds):
    """Until something is recorded; what the shell shows has to be taken away from it meanwhile."""
    global seen
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.01)[0]:
            try:
                seen += os.read(terminal, 65536)
            except OSError:
                return None
        if os.path.exists(record):
            with open(record, "rb") as file:
                arguments = file.read()
            os.unlink(record)
            return arguments.split(b"\0")[:-1]
    return None


def type_keys(text):
    # A terminal in its line mode takes no more than 4095 bytes at once.
    os.write(terminal, text.encode())


start()
results = []
for line in task["lines"]:
    if line.get("host") is not None:
        write(folder + "/host.xml", line["host"])
    seen = b""
    type_keys(line["typed"] + line.get("keys", "\t") + "\r")
    arguments = wait(task.get("patience", 60))
    results.append(None if arguments is None else [word.decode(errors="replace") for word in arguments])
    if arguments is None:
        print(f"{line['typed']!r}: {seen!r}", file=sys.stderr)
        stop()
        start()
stop()
print(json.dumps({"lines": results, "made": sorted(os.listdir(work))}))
