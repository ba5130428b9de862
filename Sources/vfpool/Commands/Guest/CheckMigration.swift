import ArgumentParser
import Model
import Reading
import Reporting
import Text

struct CheckMigration: Command {
    static let configuration = CommandConfiguration(
        abstract: "Check whether a running guest with VFs could move to another host",
        discussion: """
            libvirt moves a running guest with a VF only if the VF is the transient half of a pair, which QEMU unplugs \
            for the time of the move, while the other half goes on with the same MAC (or if the VF's VFIO driver can \
            hand over what is inside it, which few can). On the target it plugs any free VF of the pool of the same \
            name. Looks at all that this takes, on both hosts, and changes nothing: the pairs; \
            libvirt and QEMU; whether the target has the pool, active, with a free VF for each interface, the same VLAN \
            and settings; the network or bridge of the other half. Says of each thing how it stands, as `doctor` does: \
            PASS; ? (it can't be told from here); NOTE; WARN; FAIL. Exits with 2 if anything failed.

            What has nothing to do with VFs, such as disks, processors and snapshots, libvirt checks itself when the \
            guest moves.

            Examples:
              $ vfpool check-migration vm1 --to qemu+ssh://root@host2/system
              Only what is not well:
                $ vfpool check-migration vm1 --to qemu+ssh://root@host2/system --problems
              In a script, before it moves:
                $ vfpool check-migration vm1 --to qemu+ssh://host2/system --quiet && virsh migrate vm1 …
            """)

    @Argument(help: ArgumentHelp("The guest.", valueName: "guest"), completion: Completion.guests)
    var guest: Name

    @Option(
        help: ArgumentHelp(
            "The other host's libvirt, by its URI, such as qemu+ssh://root@host2/system.", valueName: "uri"),
        completion: .list(["qemu+ssh://", "qemu+tls://"]))
    var to: String

    @Flag(help: "Leave out what passed.")
    var problems = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        if to.isEmpty { throw ValidationError("--to needs the URI of the host that the guest is to move to") }
    }

    func execute(_ output: Output) throws(Failure) -> Int32 {
        let source = try Host.open(connection.uri, readOnly: true, timeout: connection.patience)
        output.verbose("connected to \(source.uri), read-only")
        let sourceState = try OneRead.state(source, output)
        // Before the way to another host, which may be long.
        let moving = MovingGuest(try sourceState.guest(named: guest), sourceState)
        let target = try Host.open(to, readOnly: true, option: "--to", timeout: connection.patience)
        output.verbose("connected to \(target.uri), read-only")
        let targetState = try OneRead.state(target, output)
        let (netdevs, networks) = (moving.netdevs, moving.networks)
        let migration = LiveMigration(
            moving,
            from: try LiveMigrationReader.host(source, sourceState, netdevs: netdevs, networks: networks),
            to: try LiveMigrationReader.host(target, targetState, netdevs: netdevs, networks: networks))
        let diagnosis = Diagnosis(migration)
        return try DoctorView.show(diagnosis, problemsOnly: problems, output) { shown in
            migration.json(diagnosis, shown)
        }
    }
}
