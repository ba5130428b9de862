import ArgumentParser
import Model
import Reading
import Reporting
import Text

struct CheckMigration: Command {
    static let configuration = CommandConfiguration(
        abstract: "Check whether a running guest with VFs can move to another host",
        discussion: """
            libvirt moves a running guest with a VF only if the VF is the transient half of a failover pair: QEMU \
            unplugs the VF during the move, and the persistent half carries on with the same MAC. (Without a pair, the \
            VF's VFIO driver must be able to transfer the VF's state, which few can.) On the target, the guest gets \
            any free VF of the pool of the same name. This checks everything that the move needs, on both hosts, and \
            changes nothing: the pairs; libvirt and QEMU; whether the target has the pool, active, with a free VF for \
            each interface, the same VLAN and settings; the network or bridge of the persistent half. Each check has a \
            result, as in `doctor`: PASS; ? (not checked); NOTE; WARN; FAIL. Exits with 2 if anything failed.

            libvirt itself checks what has nothing to do with VFs, such as disks, processors and snapshots, when the \
            guest moves.

            Examples:
              $ vfpool check-migration vm1 --to qemu+ssh://root@host2/system
              Show problems only:
                $ vfpool check-migration vm1 --to qemu+ssh://root@host2/system --problems
              In a script, before the guest moves:
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
