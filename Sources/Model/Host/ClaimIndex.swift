package import SRIOV
package import Text

/// Who holds which function, from everything that was read: built once per picture, in time linear in its size.
package struct ClaimIndex: Sendable {
    private var claims: [PCIAddress: [Claim]] = [:]

    init(_ state: State) {
        var portsByAddress: [PCIAddress: [(network: Name, port: NetworkPortState)]] = [:]
        for network in state.networks {
            for port in network.guestPorts ?? [] {
                if let address = port.address { portsByAddress[address, default: []].append((network.name, port)) }
            }
        }
        var seenPorts: Set<String> = []
        for guest in state.guests {
            for interface in guest.liveInterfaces {
                guard let address = interface.attachment.pinnedAddress else { continue }
                let own = portsByAddress[address]?.first { $0.port.ownerUUID == guest.uuid }
                if let own { seenPorts.insert(own.port.uuid) }
                claims[address, default: []].append(
                    Claim(
                        kind: own.map { .pool($0.network) } ?? Self.withoutPort(interface, guest, state),
                        guestName: guest.name, guestUUID: guest.uuid, mac: interface.mac ?? own?.port.mac,
                        interfaceIndex: interface.index))
            }
        }
        // A port whose guest's live document could not be had, or is just starting, still holds its function.
        for (address, ports) in portsByAddress {
            for (network, port) in ports where !seenPorts.contains(port.uuid) {
                claims[address, default: []].append(
                    Claim(
                        kind: .pool(network), guestName: port.ownerName, guestUUID: port.ownerUUID, mac: port.mac))
            }
        }
        for guest in state.guests {
            for interface in guest.interfaces where guest.isPersistent {
                guard let address = interface.attachment.pinnedAddress else { continue }
                claims[address, default: []].append(
                    Claim(
                        kind: .config, guestName: guest.name, guestUUID: guest.uuid, mac: interface.mac,
                        interfaceIndex: interface.index))
            }
        }
        let names = state.functionNames
        addHeldDevices(state, names)
        addNetdevUses(state, names)
        addHostUses(state)
        shareGroups(state)
        let unread = state.functions.filter { $0.unreadUse != nil }.map(\.address)
        for address in state.unseen.union(unread) where claims[address] == nil {
            claims[address] = [Claim(kind: .unseen)]
        }
        addMissing(state)
    }

    /// What a running pool over several PFs lists of one that is gone, or has fewer VFs: libvirt takes the first that has no
    /// port, there or not, so that the guests of the other PFs would not start.
    private mutating func addMissing(_ state: State) {
        let marked = state.pools.filter { $0.isActive && $0.configuration?.mark?.isOfSeveral ?? false }
        guard !marked.isEmpty else { return }
        let present = state.functionAddresses
        for pool in marked where pool.configuration?.mark.map({ PoolPFs($0, in: state.pfs).allowsUpkeep }) ?? false {
            for address in pool.live?.addresses ?? [] where !present.contains(address) && self[address].isEmpty {
                claims[address] = [Claim(kind: .missing)]
            }
        }
    }

    /// Where ports can't be had, a running interface that the inactive document points at a pool is taken from it.
    private static func withoutPort(_ interface: GuestInterface, _ guest: Guest, _ state: State) -> Claim.Kind {
        let configured = guest.interfaces.first {
            $0.mac != nil && $0.mac == interface.mac && $0.isPersistentHalf == interface.isPersistentHalf
        }
        guard let name = configured?.attachment.networkName, let network = state.network(name), network.ports == nil,
            network.isPool
        else { return .live }
        return .pool(name)
    }

    /// What guests have behind libvirt's back, or through a vdpa device.
    private mutating func addHeldDevices(_ state: State, _ names: FunctionNames) {
        for guest in state.guests {
            for (kind, held) in [(Claim.Kind.live, guest.liveHeld), (.config, guest.isPersistent ? guest.held : [])] {
                for device in held {
                    guard let address = names.function(device.target) else { continue }
                    claims[address, default: []].append(
                        Claim(
                            kind: kind, guestName: guest.name, guestUUID: guest.uuid, mac: device.mac, way: device.way))
                }
            }
        }
    }

    /// A function is also held by who needs its netdev: a guest's macvtap on it, or a macvtap network over it.
    private mutating func addNetdevUses(_ state: State, _ names: FunctionNames) {
        for guest in state.guests {
            let next = guest.isPersistent ? guest.interfaces : []
            for (kind, interfaces) in [(Claim.Kind.live, guest.liveInterfaces), (.config, next)] {
                for interface in interfaces {
                    guard case .direct(let device, _) = interface.attachment,
                        let address = names.function(ofNetdev: device)
                    else { continue }
                    claims[address, default: []].append(
                        Claim(
                            kind: kind, guestName: guest.name, guestUUID: guest.uuid, mac: interface.mac,
                            interfaceIndex: interface.index, isMacvtap: true))
                }
            }
        }
        for network in state.networks where !network.isPool { addNetwork(network, state, names) }
    }

    /// What a network gives guests netdevs of: while it runs, of those it found at its start; where it starts at boot, of all
    /// that its document names. One that does neither holds nothing.
    private mutating func addNetwork(_ network: NetworkState, _ state: State, _ names: FunctionNames) {
        guard network.isActive || network.autostart else { return }
        let named = network.settings.pf.flatMap(state.pf(ofNetdev:))?.functions.map(\.address) ?? []
        let configured = network.settings.devices.compactMap(names.function(ofNetdev:)) + named
        let running =
            network.isActive ? network.liveDevices?.compactMap(names.function(ofNetdev:)) ?? configured : []
        let persistent = network.autostart ? Set(configured) : []
        for address in persistent.union(running).sorted() {
            // Who has it through the network is its holder.
            let guest = self[address].first { claim in
                claim.kind == .live && claim.isMacvtap
                    && state.guest(uuid: claim.guestUUID ?? "")?.points(at: network.name) ?? false
            }
            claims[address, default: []].append(
                Claim(
                    kind: .network(network.name), guestName: guest?.guestName, guestUUID: guest?.guestUUID,
                    mac: guest?.mac, interfaceIndex: guest?.interfaceIndex, endsWithRun: !persistent.contains(address)))
        }
    }

    private mutating func addHostUses(_ state: State) {
        let running = Dictionary(
            state.guests.filter(\.isActive).map { (Name($0.uuid), $0) }, uniquingKeysWith: { first, _ in first })
        for function in state.functions {
            for use in function.hostUses {
                if case .unreadable = use { continue }
                // A guest's vdpa device is the guest's, and so is its macvtap.
                if case .vdpa = use, self[function.address].contains(where: \.isThroughVDPA) { continue }
                if case .upper("macvtap", _) = use,
                    self[function.address].contains(where: { $0.kind == .live && $0.isMacvtap })
                {
                    continue
                }
                if let guest = guest(use, of: function, running) {
                    // What its document does not say: a device that was plugged in over its monitor.
                    guard !self[function.address].contains(where: { $0.guestUUID == guest.uuid && $0.kind != .config })
                    else { continue }
                    claims[function.address, default: []].append(
                        Claim(kind: .live, guestName: guest.name, guestUUID: guest.uuid))
                    continue
                }
                claims[function.address, default: []].append(Claim(kind: .host(use)))
            }
        }
    }

    /// The running guest whose QEMU has the function open.
    private func guest(_ use: HostUse, of function: VirtualFunction, _ running: [Name: Guest]) -> Guest? {
        guard case .program(let pid, _) = use else { return nil }
        return function.holders.first { $0.pid == pid }?.guestUUID.flatMap { running[Name($0)] }
    }

    /// Functions of one IOMMU group go together: who holds one keeps all the others from everybody else.
    private mutating func shareGroups(_ state: State) {
        let shared = state.functions.filter { ($0.groupMembers ?? 1) > 1 && $0.iommuGroup != nil }
        for members in Dictionary(grouping: shared, by: \.iommuGroup).values {
            let held = members.filter { claims[$0.address] != nil }
            guard let holder = held.first, let claim = claims[holder.address]?.first else { continue }
            for member in members where claims[member.address] == nil {
                var copy = claim
                // What a guest has through its pool is not how it holds the others.
                if case .pool = claim.kind { copy.kind = .live }
                copy.mac = nil
                copy.interfaceIndex = nil
                claims[member.address] = [copy]
            }
        }
    }

    /// A guest's next start no longer needs the function.
    package mutating func dropConfig(of guest: String, at address: PCIAddress) {
        claims[address]?.removeAll { $0.kind == .config && $0.guestUUID == guest }
    }

    package subscript(address: PCIAddress) -> [Claim] { claims[address] ?? [] }

    /// Claims that a pool must respect: everything but what guests got from that pool itself.
    package func outside(_ pool: Name, _ address: PCIAddress) -> [Claim] {
        self[address].filter { $0.kind != .pool(pool) }
    }
}
