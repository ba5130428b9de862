import Model

/// Pages of `vfpool help` that are about no single command.
enum Topic {
    static let names = ["exit-status", "environment", "json", "spec", "codes"]

    static func text(_ name: String) -> String? {
        switch name {
        case "exit-status": exitStatus
        case "environment": environment
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
