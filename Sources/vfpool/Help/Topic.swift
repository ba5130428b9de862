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
        1    failed; nothing was changed, or all of it was put back; with error[output] of a change that was made, but
             could not be shown, the message names it
        2    doctor or check-migration found a failure; --dry-run --exit-code found something to change; diff found a
             difference
        3    failed and could not be put back: see `vfpool log`
        4    not confirmed
        5    stopped on the way: the guests that were done stay, the rest is as before; go on: vfpool migrate --resume
        6    some of the hosts of --hosts gave no answer, whatever the others said; these are named, the others are whole
        64   bad arguments
        130  interrupted; while a change is applied, ^C finishes the step and puts back what was done, of a
             migration only of the guest it was at; a second ^C ends it at once, with 3
        """

    static let environment = """
        LIBVIRT_DEFAULT_URI  where libvirt is, without --connect
        NO_COLOR             no colours, whatever the terminal can
        VFPOOL_STATE_DIR     the journal and the lock; else /var/lib/vfpool for root, and for others
                             $XDG_STATE_HOME/vfpool or ~/.local/state/vfpool
        VFPOOL_SCHEMA_DIR    libvirt's grammar files; else /usr/share/libvirt/schemas
        """

    static let json = """
        --format json prints one document on stdout and nothing else there. It is an object with `version`, now 1;
        within a version fields are added, never renamed. Lists are sorted. Configuration (what was asked for, and
        lasts) and status (what is) stand apart. A field without a value is null; if that is because it can't be
        known, the object's `unknown` has the field's name with the reason.

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
        errors  {"version":1, "error":{"code", "message", "cause", "hints"}} on stderr, as its last line: what --verbose
                tells, and that a lock is waited for, stands before it

        Every field is in the file docs/json.md of vfpool's sources.
        """
}
