import ArgumentParser

/// Many hosts at once, to be read.
struct FleetOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Ask many hosts at once: names or URIs such as kvm[1-40],db1; a file of them, or what `ansible-inventory --list` printed; - for stdin. --timeout is then how long each host may take in all, 15 by default. See `vfpool help hosts`.",
            valueName: "hosts"), completion: .file())
    var hosts: String?
}
