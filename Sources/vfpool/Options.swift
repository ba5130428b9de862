import ArgumentParser
import Reading

/// Which libvirt to talk to.
struct ConnectionOptions: ParsableArguments {
    @Option(
        name: [.customShort("c"), .customLong("connect")],
        help: ArgumentHelp(
            "libvirt's URI, such as qemu:///system; else LIBVIRT_DEFAULT_URI, else libvirt's choice.", valueName: "uri"),
        completion: .list(["qemu:///system", "qemu:///session"]))
    var uri: String?

    @Option(
        help: ArgumentHelp(
            "How long to wait for an answer from libvirt, 30 by default; 0: no limit.", valueName: "seconds"))
    var timeout: SecondsArgument?

    /// As it is said to the host: less when somebody wants to stop a change.
    var patience: Timeout {
        let seconds = timeout?.value ?? 30
        return Timeout(seconds: seconds > 0 ? seconds : nil, isHurried: { Interruption.isRequested })
    }
}

/// How far a change goes.
struct ChangeOptions: ParsableArguments {
    @Flag(name: [.customShort("n"), .long], help: "Show the plan and the diff, change nothing.")
    var dryRun = false

    @Flag(name: .long, help: "With --dry-run: exit with status 2 if there is something to change.")
    var exitCode = false

    @Flag(name: .customLong("print-xml"), help: "Print only the resulting XML of the one object, change nothing.")
    var printXML = false

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @Option(
        name: .long,
        help: ArgumentHelp("How long to wait while another vfpool changes this host.", valueName: "seconds"))
    var lockWait = SecondsArgument(10)

    func validate() throws {
        if exitCode, !dryRun { throw ValidationError("--exit-code goes with --dry-run") }
    }

    var isDry: Bool { dryRun || printXML }
}

/// How things are printed.
struct OutputOptions: ParsableArguments, OutputChoice {
    @Option(name: .long, help: "How to print data.")
    var format: OutputFormat = .table

    @Flag(name: .shortAndLong, help: "Print names only, one per line; warnings still go to stderr.")
    var quiet = false

    @Flag(
        name: .shortAndLong,
        help:
            "Print each step, and each libvirt call that changes something, to stderr; print similar findings one by one."
    )
    var verbose = false

    @Option(name: .long, help: "Colours; auto means on a terminal, unless NO_COLOR is set.")
    var color: Style.Choice = .auto

    var output: Output { Output(format, quiet: quiet, verbose: verbose, color: color) }
}
