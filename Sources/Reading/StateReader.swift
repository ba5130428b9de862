import Libvirt
import Model
import SRIOV
import Text
import XML

/// Reads one picture of a host, with many calls in flight: the link's round trip is paid a few times, not per guest.
struct StateReader {
    private let host: Host
    private let version: LibvirtVersion
    /// Whether a call's answer comes at once.
    private let isNear: Bool
    /// How many calls of a kind are in flight. A daemon takes up its fifth (`max_client_requests`) with a warning in its
    /// log, so there are that many only where they save time: where calls wait for the link, not for the daemon.
    private var width: Int { isNear ? 4 : 32 }

    private init(_ host: Host, _ version: LibvirtVersion, isNear: Bool) {
        self.host = host
        self.version = version
        self.isNear = isNear
    }

    /// - Throws: `host-unreadable` where the host's own PFs can't be read; what libvirt throws.
    static func read(_ host: Host) throws(Failure) -> State {
        let reader: StateReader
        let pieces: Pieces
        do throws(LibvirtError) {
            let (version, time) = try host.connection.timedDaemonVersion()
            reader = StateReader(host, version, isNear: time < .milliseconds(2))
            pieces = try reader.pieces()
        } catch {
            throw Failure("could not read the host", error)
        }
        return try reader.state(pieces)
    }

    private enum Piece { case guests, networks, pfs }

    private enum Answer: Sendable {
        case pfs(Result<ReadPFs, HostError>)
        case networks(ReadNetworks)
        case guests(ReadGuests)
    }

    private struct Pieces: Sendable {
        var pfs: Result<ReadPFs, HostError> = .success(ReadPFs())
        var networks = ReadNetworks()
        var guests = ReadGuests()
    }

    private struct ReadPFs: Sendable {
        var pfs: [PhysicalFunction] = []
        var devices: Set<PCIAddress>?
        var bridges: Set<Name>?
        var seesEveryProgram = true
    }

    /// The pieces in groups that are read at once. The kernel never keeps libvirt waiting.
    private var groups: [[Piece]] {
        if !isNear { return [[.guests], [.networks], [.pfs]] }
        return host.isLocal ? [[.guests, .networks], [.pfs]] : [[.guests, .networks, .pfs]]
    }

    private func pieces() throws(LibvirtError) -> Pieces {
        var pieces = Pieces()
        let answers = try host.connection.inParallel(groups) { (group) throws(LibvirtError) in try group.map(answer) }
        for answer in answers.joined() {
            switch answer {
            case .pfs(let found): pieces.pfs = found
            case .networks(let found): pieces.networks = found
            case .guests(let found): pieces.guests = found
            }
        }
        return pieces
    }

    private func state(_ pieces: Pieces) throws(Failure) -> State {
        let networks = pieces.networks.networks
        var read = pieces.guests
        let pfs: [PhysicalFunction]
        let devices: Set<PCIAddress>?
        let bridges: Set<Name>?
        let seesHostUses: Bool
        do throws(HostError) {
            let found = try pieces.pfs.get()
            pfs = found.pfs
            devices = found.devices
            bridges = found.bridges
            seesHostUses = host.seesHostUses && found.seesEveryProgram
        } catch {
            throw Failure(.unreadable, "could not read the host's PFs and VFs", error)
        }
        // Which plain hostdevs are interfaces depends on which devices are functions, known only now.
        let functions = Set(pfs.flatMap { $0.functions.map(\.address) })
        for index in read.guests.indices {
            read.guests[index].devices.sort(by: functions)
            read.guests[index].liveDevices.sort(by: functions)
        }
        var state = State(
            uri: host.uri, isLocal: host.isLocal, networks: networks, guests: read.guests, pfs: pfs,
            savedGuests: read.saved, iommuEnabled: host.isLocal ? host.sysfs.iommuEnabled() : nil,
            libvirtVersion: version, supportsPorts: supportsPorts(networks),
            unknowns: unknowns(networks, read, pfs, seesHostUses: seesHostUses))
        state.devices = devices
        state = host.noteDrivers(
            networks.compactMap(\.settings.driverModel)
                + read.guests.flatMap { $0.interfaces.compactMap(\.driver.model?.string) }, in: state)
        if host.isLocal, networks.contains(where: { $0.uncountedPorts > 0 }) {
            state.networkDaemon = NetworkDaemon.name()
        }
        state.bridges = bridges
        state.unread = read.unread + pieces.networks.unread
        state.forgetGuestsPrograms()
        if !seesHostUses { state.unseen = Unseen.functions(in: state) }
        return state
    }

    private func answer(_ piece: Piece) throws(LibvirtError) -> Answer {
        switch piece {
        case .guests: .guests(try guests())
        case .networks: .networks(try networks())
        case .pfs: .pfs(try physicalFunctions())
        }
    }

    private func unknowns(
        _ networks: [NetworkState], _ read: ReadGuests, _ pfs: [PhysicalFunction], seesHostUses: Bool
    ) -> [String] {
        var unknowns: [String] = []
        if !host.isLocal {
            unknowns.append(
                "the host's kernel can't be asked from here: the host's own use of VFs, and their actual MACs, are unknown"
            )
        }
        if host.isLocal, !seesHostUses {
            let reason =
                host.seesHostUses
                ? "not every process shows its open files, so it is not known which programs have a VF open"
                : "only root can see which programs have a VF open"
            unknowns.append("\(reason): VFs that a pool excludes stay excluded")
        }
        let unread = pfs.flatMap(\.functions).compactMap(\.unreadUse)
        if let error = unread.first {
            unknowns.append("who has \(Words.count(unread.count, "VF")) could not be read: \(error.words)")
        }
        unknowns += read.unread.map { "\($0.subject) can't be read" } + read.unjudged
        if networks.contains(where: { $0.isPool && $0.isActive && $0.ports == nil }) {
            unknowns.append("libvirt has no network ports here: who has which VF is read from the running guests")
        }
        return unknowns
    }

    private func supportsPorts(_ networks: [NetworkState]) -> Bool {
        if let known = networks.first(where: { $0.isActive && $0.isPool }) { return known.ports != nil }
        return host.driver != "TEST" && VersionGate.ports.has(version)
    }

    private func physicalFunctions() throws(LibvirtError) -> Result<ReadPFs, HostError> {
        guard host.isLocal else {
            let found = try NodeDeviceReader(host.connection, width: width).read()
            return .success(ReadPFs(pfs: found.pfs, devices: found.devices))
        }
        return Result { () throws(HostError) in
            let found = try host.sysfs.look(includingPrograms: true)
            return ReadPFs(
                pfs: found.pfs, devices: found.devices, bridges: host.sysfs.bridges(),
                seesEveryProgram: found.seesEveryProgram)
        }
    }

    // MARK: Networks

    private struct PortOfNetwork: Sendable {
        /// Of the network among all.
        var place: Int
        var port: NetworkPort
    }

    private struct ReadNetworks: Sendable {
        var networks: [NetworkState] = []
        var unread: [Unread] = []
    }

    private func networks() throws(LibvirtError) -> ReadNetworks {
        let found = try host.connection.inParallel(try host.connection.networks(), width: width) {
            (network) throws(LibvirtError) in
            try unlessGone(.noNetwork) { () throws(LibvirtError) in try Self.state(network) }
        }.compactMap(\.self)
        var networks = found.map(\.state)
        // All networks' ports together, else each network would have as many calls in flight as all may have.
        let ports = found.indices.flatMap { place in
            (found[place].ports ?? []).map { PortOfNetwork(place: place, port: $0) }
        }
        let read = try host.connection.inParallel(ports, width: width) { (item) throws(LibvirtError) in
            try unlessGone(.noNetworkPort) { () throws(LibvirtError) in Self.port(try item.port.xml()) }
        }
        var unread = found.flatMap(\.unread)
        for (item, port) in zip(ports, read) {
            switch port {
            case .success(let port?): networks[item.place].ports?.append(port)
            case .success(nil), nil: break
            case .failure(let error):
                unread.append(Unread("a port of network \(networks[item.place].name)", error.message))
            }
        }
        // libvirt lists them in no order; a plan is the same each time it is made.
        for index in networks.indices {
            networks[index].ports?.sort { one, other in
                guard let first = one.address, let second = other.address else {
                    return (one.address == nil ? 0 : 1, one.uuid) < (other.address == nil ? 0 : 1, other.uuid)
                }
                return first == second ? one.uuid < other.uuid : first < second
            }
        }
        for index in networks.indices
        where networks[index].isPool && !networks[index].isManaged && networks[index].lostMark == nil
            && !networks[index].reservations.isEmpty
        {
            networks[index].lostMark = LostMark(.reservations)
        }
        return ReadNetworks(networks: networks.sorted { $0.name < $1.name }, unread: unread)
    }

    /// A network without what its ports say.
    private static func state(
        _ network: Network
    ) throws(LibvirtError) -> (state: NetworkState, ports: [NetworkPort]?, unread: [Unread]) {
        let isActive = try network.isActive()
        let (inactive, isPersistent) = try inactiveXML(network)
        var state = NetworkState(
            name: network.name, uuid: network.uuid, isActive: isActive, isPersistent: try network.isPersistent(),
            autostart: try network.autostart(), inactiveXML: inactive)
        state.showsPersistent = isPersistent || !isActive
        do throws(XMLError) {
            let document = try Document(parsing: inactive)
            state.configuration = NetworkReader.configuration(in: document)
            state.settings = NetworkReader.settings(in: document)
        } catch {
            return (state, nil, [Unread("the document of network \(network.name)", error.message)])
        }
        let isOverDevices = state.settings.pf != nil || !state.settings.devices.isEmpty
        guard isActive, state.isPool || isOverDevices else { return (state, nil, []) }
        let live = try network.xml()
        do throws(XMLError) {
            let document = try Document(parsing: live)
            state.live = NetworkReader.configuration(in: document)
            guard state.isPool else {
                // A PF stands there for its functions that had netdevs when the network started.
                state.liveDevices = NetworkReader.settings(in: document).devices
                return (state, nil, [])
            }
            if !state.isManaged, state.live?.mark != nil { state.lostMark = LostMark(.running, document) }
        } catch {
            return (state, nil, [Unread("the running document of network \(network.name)", error.message)])
        }
        do throws(LibvirtError) {
            let ports = try network.ports()
            state.ports = []
            state.uncountedPorts = try uncountedPorts(network, live, ports.count)
            return (state, ports, [])
        } catch  where error.isUnsupported {
            return (state, nil, [])
        }
    }

    /// The document and the list are two answers; a guest that starts between them is not one that was forgotten.
    private static func uncountedPorts(
        _ network: Network, _ live: String, _ listed: Int
    ) throws(LibvirtError) -> Int {
        func missing(_ text: String, of count: Int) -> Int {
            guard let document = try? Document(parsing: text) else { return 0 }
            return max(0, count - NetworkReader.connections(in: document))
        }
        var least = missing(live, of: listed)
        for _ in 0..<3 where least > 0 {
            // Now the list comes first: what starts between them is counted.
            let count = try network.ports().count
            least = min(least, missing(try network.xml(), of: count))
        }
        return least
    }

    /// The test driver refuses the flag and has one document only.
    private static func inactiveXML(
        _ network: Network
    ) throws(LibvirtError) -> (text: String, isPersistent: Bool) {
        do throws(LibvirtError) {
            return (try network.xml(.inactive), true)
        } catch  where error.isUnsupported || error.code == .invalidArgument {
            return (try network.xml(), false)
        }
    }

    /// Nil for a port of another kind than a pool's.
    private static func port(_ xml: String) -> Result<NetworkPortState?, XMLError> {
        Result { () throws(XMLError) in NetworkReader.port(in: try Document(parsing: xml)) }
    }

    // MARK: Guests

    private struct ReadGuests: Sendable {
        var guests: [Guest] = []
        /// UUIDs of those with a managed save image.
        var saved: Set<String> = []
        /// Documents that can't be read.
        var unread: [Unread] = []
        /// What can't be told of them.
        var unjudged: [String] = []
    }

    private func guests() throws(LibvirtError) -> ReadGuests {
        let connection = host.connection
        let lists = try connection.inParallel([[], .transient, .autostart, .managedSave, .paused], width: width) {
            (flags: DomainListFlags) throws(LibvirtError) in try connection.domains(flags)
        }
        let names = lists.map { Set($0.map(\.uuid)) }
        let secure: DomainXMLFlags = host.isReadOnly ? [] : [.secure]
        let found = try connection.inParallel(lists[0], width: width) { (domain) throws(LibvirtError) in
            try unlessGone(.noDomain) { () throws(LibvirtError) in
                var read = try Self.guest(
                    domain, isTransient: names[1].contains(domain.uuid), autostart: names[2].contains(domain.uuid),
                    secure: secure)
                if names[4].contains(domain.uuid) {
                    read.guest.isPausedForMigration = try domain.isPausedForMigration()
                }
                return read
            }
        }.compactMap(\.self)
        return ReadGuests(
            guests: found.map(\.guest).sorted { $0.name < $1.name }, saved: names[3],
            unread: found.flatMap(\.unread),
            unjudged: found.flatMap { guest, _, unjudged in
                unjudged.map { "it is not known what guest \(guest.name) takes by \"\($0)\" on QEMU's command line" }
            })
    }

    private static func guest(
        _ domain: Domain, isTransient: Bool, autostart: Bool, secure: DomainXMLFlags
    ) throws(LibvirtError) -> (guest: Guest, unread: [Unread], unjudged: [String]) {
        let isActive = try domain.id() != nil
        let inactive = try domain.xml(secure.union(.inactive))
        let live = isActive ? try domain.xml(secure) : nil
        var unread: [Unread] = []
        func devices(_ xml: String) -> GuestDevices {
            do throws(XMLError) {
                return try GuestReader.devices(in: try Document(parsing: xml, only: GuestReader.part), functions: nil)
            } catch {
                unread = [Unread("the document of guest \(domain.name)", error.message)]
                return GuestDevices()
            }
        }
        let configured = devices(inactive)
        var guest = Guest(
            name: domain.name, uuid: domain.uuid, isActive: isActive, isPersistent: !isTransient,
            autostart: autostart, inactiveXML: inactive, liveXML: live, interfaces: [])
        if !isTransient { guest.devices = configured }
        let running = live.map(devices) ?? GuestDevices()
        if live != nil { guest.liveDevices = running }
        return (guest, unread, (configured.unjudged + running.unjudged).deduplicated)
    }
}

/// Nil when the object went away between being listed and being asked.
private func unlessGone<T>(
    _ code: LibvirtError.Code, _ body: () throws(LibvirtError) -> T
) throws(LibvirtError) -> T? {
    do throws(LibvirtError) {
        return try body()
    } catch  where error.code == code {
        return nil
    }
}
