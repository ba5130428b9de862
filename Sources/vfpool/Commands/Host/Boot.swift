import Applying
import ArgumentParser
import Journal
import Model
import Planning
import Reading
import SRIOV

struct Boot: ChangeCommand {
    static let configuration = CommandConfiguration(
        abstract: "Create a PF's VFs at every boot, before libvirt starts",
        discussion: """
            The kernel forgets the VF count at reboot, libvirt tries to start a pool only once, and on a PF that is \
            down no guest starts. So this writes a systemd unit that brings the PF up and creates its VFs before \
            libvirt starts, and another that runs `vfpool reconcile` after that, when guests start or stop, and from \
            time to time. The PF is identified by its PCI address, whatever its name. If NetworkManager, netplan, a \
            .link file, a udev rule, another unit or a script already sets this PF's count, it is left to do so: set \
            the VF count in one place only. Units that a package ships are enabled; those that it does not ship are \
            written to /etc/systemd/system. Everything written is a plain file, is shown first, and is removed again \
            by `vfpool undo`.

            Examples:
              As many as it has now:
                $ vfpool boot eth3
              $ vfpool boot eth3 --vfs-count 16
              What would be written:
                $ vfpool boot eth3 --dry-run
              Remove what was written:
                $ vfpool boot eth3 --remove
            """)

    @Argument(help: "The PF: its netdev, PCI address or MAC.", completion: Completion.pfs)
    var pf: String

    @Option(help: ArgumentHelp("How many VFs to create at boot; else as many as now.", valueName: "number"))
    var vfsCount: CountArgument?

    @Flag(
        inversion: .prefixedNo, help: "Let the host's drivers take these VFs, or not; else as now.")
    var hostDriver: Bool?

    @Flag(help: "Remove what vfpool wrote.")
    var remove = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Change") var change: ChangeOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        if remove, vfsCount != nil || hostDriver != nil {
            throw ValidationError("--remove goes with neither --vfs-count nor --host-driver")
        }
    }

    func propose(_ host: Host, _ state: State, _ journal: Journal) throws(Failure) -> Proposal<ChangeWords> {
        if !change.isDry { try host.checkMayChangeItself() }
        let request = try Self.request(
            host, state, try host.pf(pf, in: state), count: vfsCount?.value, hostDrivers: hostDriver, removes: remove)
        let plan = try BootPlanner.plan(state, request, Self.files(request.pf))
        return Proposal(plan: plan, summary: [Summary.boot(request)])
    }

    /// The files that it may write.
    static func files(_ pf: PhysicalFunction) -> KnownFiles {
        KnownFiles(BootPlanner.paths(pf.address), in: LocalFiles())
    }

    /// What `boot`, and `--persist` of other commands, is asked for, with the vfpool that runs now.
    static func request(
        _ host: Host, _ state: State, _ pf: PhysicalFunction, count: Int?, hostDrivers: Bool?, removes: Bool = false
    ) throws(Failure) -> BootRequest {
        let program = removes ? "" : try OwnProgram.path()
        return BootRequest(
            pf: pf, count: count, hostDrivers: hostDrivers, removes: removes,
            boot: try host.bootSetup(of: state) ?? BootSetup(), program: program,
            weaknesses: removes ? [] : try RootOnly().weaknesses(ofUnitsRunning: program))
    }
}
