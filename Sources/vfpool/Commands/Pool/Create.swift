import Applying
import ArgumentParser
import FoundationEssentials
import Journal
import Model
import Planning
import Reading
import SRIOV
import Text

struct Create: ChangeCommand {
    static let configuration = CommandConfiguration(
        abstract: "Create a pool of a PF's VFs",
        discussion: """
            Defines, starts and autostarts a libvirt network that hands out the PF's VFs. VFs that a guest has pinned, \
            or that the host uses, stay theirs: the pool never hands them out. Run again with the same arguments, it \
            does nothing.

            Examples:
              A pool of all VFs of eth3, called vfpool-eth3:
                $ vfpool create eth3
              Every guest on VLAN 42, unless it asks for the portgroup dmz:
                $ vfpool create eth3 --vlan 42 --portgroup dmz:vlan=50
              Only some VFs, under another name; another pool may have the rest:
                $ vfpool create eth3 --vfs 4-7 --name storage
              Give the PF its VFs first, and keep the host's drivers off them:
                $ vfpool create eth3 --vfs-count 8 --no-host-driver
              Also create them at every boot:
                $ vfpool create eth3 --vfs-count 8 --persist
              One pool over two PFs, whose guests spread over both:
                $ vfpool create eth3 eth5 --vfs-count 8
              Take over a network made by hand:
                $ vfpool create eth3 --name passthrough --adopt
              Only look:
                $ vfpool create eth3 --dry-run
            """)

    @Argument(
        help: "The PF: its netdev, PCI address or MAC; several for one pool over all of them.",
        completion: Completion.pfs)
    var pf: [String] = []

    @Option(help: "The pool's name; else vfpool- and the netdevs.")
    var name: Name?

    @Option(help: ArgumentHelp("The VLAN of every interface on the pool, 1-4094.", valueName: "id"))
    var vlan: VLANArgument?

    @Option(
        help: ArgumentHelp(
            "A portgroup that guests may ask for by name, or get by default; repeatable.",
            valueName: "name[:vlan=id][:default]"))
    var portgroup: [PortgroupArgument] = []

    @Option(help: ArgumentHelp("Only these VFs, by index, as 4-7,9.", valueName: "indices"))
    var vfs: IndicesArgument?

    @Option(help: ArgumentHelp("All VFs but these, by index.", valueName: "indices"))
    var exclude: IndicesArgument?

    @Option(
        help: ArgumentHelp(
            "Give each PF this many VFs first, as `vfpool resize` does; else it keeps those it has.",
            valueName: "number"))
    var vfsCount: CountArgument?

    @Flag(help: "With --vfs-count: keep the host's drivers off new VFs.")
    var noHostDriver = false

    @Flag(
        help:
            "With several PFs: hand out VFs of the first PF's NUMA node first; else VFs of each PF in turn.")
    var numa = false

    @Flag(help: "Also create the PF's VFs at every boot, before libvirt starts, as `vfpool boot` does.")
    var persist = false

    @Option(
        help: ArgumentHelp(
            "The VFIO driver of the pool's VFs, such as mlx5_vfio_pci; else libvirt chooses. Needs libvirt 10.0.",
            valueName: "driver"))
    var driverModel: String?

    @Flag(help: "Do not start the pool at boot.")
    var noAutostart = false

    @Flag(help: "Do not start the pool now.")
    var noStart = false

    @Flag(help: "Take over a network made by hand: it gets vfpool's mark.")
    var adopt = false

    @Option(
        help: ArgumentHelp("Use this document instead of the template that vfpool ships.", valueName: "file"),
        completion: .file(extensions: ["xml"]))
    var template: String?

    @OptionGroup(title: "VF settings") var settings: SettingsOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Change") var change: ChangeOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        if let driverModel, driverModel.isEmpty || !driverModel.utf8.allSatisfy({ $0.isDriverCharacter }) {
            throw ValidationError("--driver-model takes a driver's name, such as mlx5_vfio_pci")
        }
        if pf.isEmpty, !adopt || name == nil { throw ValidationError("missing expected argument '<pf> ...'") }
        if noHostDriver, vfsCount == nil { throw ValidationError("--no-host-driver goes with --vfs-count") }
        if numa, pf.count < 2 { throw ValidationError("--numa goes with several PFs") }
    }

    func propose(_ host: Host, _ state: State, _ journal: Journal) throws(Failure) -> Proposal<ChangeWords> {
        var portgroups: [Portgroup] = []
        for argument in portgroup {
            let tag = try argument.vlan?.tag("portgroup \(argument.name)")
            portgroups.append(Portgroup(name: argument.name, vlan: tag, isDefault: argument.isDefault))
        }
        if !change.isDry, vfsCount != nil || persist { try host.checkMayChangeItself() }
        let (pfs, name) = try meant(host, state)
        var resizes: [ResizeRequest] = []
        if let vfsCount {
            let boot = persist ? nil : try host.bootSetup(of: state)
            resizes = pfs.map {
                ResizeRequest(
                    pf: $0, count: vfsCount.value, hostDrivers: noHostDriver ? false : nil, boot: boot)
            }
        }
        var request = CreateRequest(
            pfs: pfs, name: name, vlan: try vlan?.tag("the pool"), portgroups: portgroups,
            selection: VFSelection(included: vfs?.indices, excluded: exclude?.indices ?? IndexSet()),
            order: numa ? .numa : .interleaved, autostart: !noAutostart, start: !noStart, adopt: adopt,
            template: try TextFile.read(template),
            templateName: template, resizes: resizes, settings: try settings.request(host),
            uuid: UUID().uuidString.asciiLowercased)
        request.driverModel = driverModel
        let named = [driverModel, CreatePlanner.driverModel(inTemplate: request.template)].compactMap(\.self)
        var plan = try CreatePlanner.plan(host.noteDrivers(named, in: state), request)
        for pf in persist ? pfs : [] {
            let boot = try Boot.request(
                host, state, pf, count: vfsCount?.value, hostDrivers: noHostDriver ? false : nil)
            var units = try BootPlanner.plan(state, boot, Boot.files(pf))
            // The units themselves are those of every PF.
            let steps = plan.steps
            units.items.removeAll { steps.contains($0.step) }
            units.notes.removeAll { plan.notes.contains($0) }
            plan = plan + units
        }
        let pool = plan.steps.lazy.compactMap(\.network).first ?? ""
        return Proposal(
            plan: plan, summary: [Summary.create(plan, request, state)],
            hints: ["bind a guest to it: `vfpool bind GUEST --pool \(shell: pool)`"],
            document: state.network(request.name ?? CreatePlanner.defaultName(request.pfs))?.inactiveXML)
    }

    /// The PFs and the name that the command line means: of a network that is adopted, the name is enough.
    private func meant(_ host: Host, _ state: State) throws(Failure) -> ([PhysicalFunction], Name?) {
        var name = name
        var words = pf
        if adopt, name == nil, words.count == 1, let network = state.networkMeant(by: Name(words[0])), network.isPool,
            state.deviceNames.pfs(Name(words[0])).isEmpty
        {
            name = network.name
            words = []
        }
        guard !words.isEmpty else {
            let pool = try state.pool(named: name ?? "")
            let pfs = state.pfs(of: pool)
            guard !pfs.isEmpty else {
                throw Failure(
                    .noSuchVF, "network \(pool.name) hands out no VF of this host",
                    hints: ["list the PFs that there are: `vfpool status`"])
            }
            return (pfs, pool.name)
        }
        var pfs: [PhysicalFunction] = []
        for word in words {
            let pf = try host.pf(word, in: state, makesPool: true)
            guard !pfs.contains(where: { $0.address == pf.address }) else {
                throw Failure(.usage, "\(word) is named twice: it is the PF \(pf.title)")
            }
            pfs.append(pf)
        }
        return (pfs, name)
    }
}

extension UInt8 {
    fileprivate var isDriverCharacter: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
