import Model

/// Pages of `vfpool help` that are about no single command.
enum Topic {
    static let names = ["exit-status", "environment", "hosts", "json", "spec", "codes"]

    static func text(_ name: String) -> String? {
        switch name {
        case "exit-status": exitStatus
        case "environment": environment
        case "hosts": hosts
        case "json": json
        case "spec": SpecTopic.text
        case "codes": Codes.text
        default: Codes.text(name)
        }
    }

    static let exitStatus = """
        0    done, or nothing to do
        1    failed; nothing was changed, or all of it was put back; error[output] of a change that was made but
             could not be shown names the change
        2    doctor or check-migration found a failure; --dry-run --exit-code found something to change; diff found a
             difference
        3    failed and could not be put back: see `vfpool log`
        4    not confirmed
        5    stopped part-way: the guests that were done stay, the rest is as before; continue: vfpool migrate --resume
        6    some hosts of --hosts did not answer: they are named; the answers of the others are complete
        64   bad arguments
        130  interrupted; during a change, ^C finishes the current step and puts back what was done, in a migration
             only for the current guest; a second ^C ends it at once, with 3
        """

    static let environment = """
        LIBVIRT_DEFAULT_URI  libvirt's URI, if --connect is not given
        NO_COLOR             no colours, on any terminal
        VFPOOL_STATE_DIR     the journal and the lock; else /var/lib/vfpool for root, and for others
                             $XDG_STATE_HOME/vfpool or ~/.local/state/vfpool
        VFPOOL_SCHEMA_DIR    libvirt's grammar files; else /usr/share/libvirt/schemas
        """

    static let hosts = """
        --hosts LIST asks many hosts at once, 32 at a time, each by a process of its own, over libvirt's remote protocol.
        On the hosts it needs libvirt alone. LIST is

        kvm1,kvm2  kvm[1-40]  kvm[01-12,20]  r[1-4]k[1-8]
                             names, with numbers in brackets
        root@kvm1  kvm1:2222  192.0.2.7  2001:db8::7
                             with a user or a port; addresses
        qemu+tls://kvm1/system
                             any URI of libvirt's
        ./hosts  /etc/vfpool/hosts
                             a file, known by its /, or because it is there: a host or URI a line, # begins a comment; or
                             what `ansible-inventory --list` printed (of its variables ansible_host, ansible_user,
                             ansible_port, ansible_connection and vfpool_uri count)
        -                    the same on stdin

        A name becomes qemu+ssh://NAME/system?no_tty=1, or the URI that uri_aliases has for it: in
        /etc/libvirt/libvirt.conf for root, in ~/.config/libvirt/libvirt.conf for others. Keys, tunnels and jump hosts are
        ssh's matter. Nothing is asked: where ssh would ask for a password, or for an unknown host key, the host counts as
        unreachable. Try one by itself: ssh -o BatchMode=yes kvm1 virsh list

        Each host may take 15 seconds in all, or --timeout. Hosts that do not answer are named, with the reason; the
        answers of the others are complete, and the exit status is 6. What several hosts say alike is said once.

        It only reads. To change many hosts, there is a collection for Ansible, vfpool.vfpool.
        """

    static let json = """
        --format json prints one document on stdout and nothing else there. It is an object with `version`, now 1;
        within a version fields are added, never renamed. Lists are sorted. The configuration (what was asked for,
        and is kept) and the status (what is now) are separate. A field without a value is null; if the value is
        unknown, the object's `unknown` has the field's name with the reason.

        list    {"version":1, "uri", "pools":[{"name", "configuration", "status"}]}
        status  the same, with functions, and "ports", "guests", "findings"
        doctor  {"version":1, "uri", "checks":[{"check", "verdict", "message", "hints", …}], "verdicts"}
        check-migration  the same, with "guest" and "target", the other host's URI
        with --hosts  {"version":1, "hosts":[{"host", "uri", "result", "document", "error"}]}; of doctor "checks" of the fleet, too
        log     {"version":1, "changes":[{"id", "time", "command", "result", "steps", …}], "unreadable"}
        hook status  {"version":1, "files":[{"path", "state"}], "others", "lastRun"}
        diff    {"version":1, "uri", "differences":[{"kind", "name", "verdict", "fields", …}], "counts"}
        export  a spec: see `vfpool help spec`
        rewrite  {"version":1, "changed", "document", "warnings", "notes"}
        others  {"version":1, "change", "changed", "dryRun", "plan", "summary"}
        errors  {"version":1, "error":{"code", "message", "cause", "hints"}} on stderr, as its last line, after what
                --verbose prints and the note that a lock is waited for

        Every field is in docs/json.md of vfpool's sources; a package has it in /usr/share/doc/vfpool.
        """
}
