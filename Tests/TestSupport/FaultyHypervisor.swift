package import Libvirt
package import Model
package import SRIOV
import Synchronization
package import Text
import XML

/// A pretend host as a change sees it: it writes down every call, and fails where it is told to.
package final class FaultyHypervisor: Hypervisor {
    /// One call: its name in `Hypervisor`, and what it was about.
    package struct Call: Sendable, Equatable, CustomStringConvertible {
        package let name: String
        package let subject: String
        package var description: String { "\(name) \(subject)" }
        package var isWrite: Bool { !FaultyHypervisor.reads.contains(name) }
        /// Goes to the kernel, which no lost connection keeps from answering.
        package var isKernel: Bool { ["value", "set", "functions", "isSettled", "users"].contains(name) }
        /// Writes a document.
        package var isDocument: Bool { ["defineNetwork", "undefineNetwork", "defineGuest"].contains(name) }
    }

    package enum Fault: Sendable, CaseIterable {
        /// It is refused.
        case before
        /// It has its effect, and an error is the answer.
        case after
        /// The connection breaks before it arrives; every call fails until `reconnect`.
        case lostBefore
        /// The connection breaks before its answer arrives.
        case lostAfter
        /// The connection breaks, and it has its effect some calls later.
        case late
    }

    /// Calls that pass before what is late has its effect.
    private static let lateness = 4

    fileprivate static let reads = [
        "networkXML", "networkIsActive", "networkAutostarts", "portXMLs", "hasPort", "portUUIDs", "guestXML",
        "liveGuestXML",
        "reconnect",
        "value", "functions", "isSettled", "users",
    ]

    private struct Inside: Sendable {
        var host: PretendHost
        var calls: [Call] = []
        var faults: [Int: Fault]
        var isConnected = true
        /// What is yet to be done, and at which call.
        var late: [(number: Int, body: @Sendable (inout PretendHost) -> Void)] = []
    }

    private let inside: Mutex<Inside>
    private let canReconnect: Bool
    private let unplugs: UnplugOutcome
    private let answer: DriverAnswer
    private let meddle: @Sendable (Int, Call, inout PretendHost) throws -> Void

    /// - Parameters:
    ///   - answer: of PFs' drivers to what is tried on their VFs.
    ///   - faults: by the number of the call, from 0.
    ///   - unplugs: how the guest answers a hot-unplug.
    ///   - meddle: what someone else does just before a call.
    package init(
        _ host: PretendHost, faults: [Int: Fault] = [:], canReconnect: Bool = true, unplugs: UnplugOutcome = .gone,
        answer: DriverAnswer = DriverAnswer(),
        meddle: @escaping @Sendable (Int, Call, inout PretendHost) throws -> Void = { _, _, _ in }
    ) {
        inside = Mutex(Inside(host: host, faults: faults))
        self.canReconnect = canReconnect
        self.unplugs = unplugs
        self.answer = answer
        self.meddle = meddle
    }

    package var host: PretendHost { inside.withLock { $0.host } }
    package var calls: [Call] { inside.withLock { $0.calls } }

    private func call<T: Sendable>(
        _ name: String, _ subject: String, _ body: @escaping @Sendable (inout PretendHost) throws(LibvirtError) -> T
    ) throws(LibvirtError) -> T {
        let result = inside.withLock { inside in
            Result { () throws(LibvirtError) in
                let number = inside.calls.count
                let call = Call(name: name, subject: subject)
                inside.calls.append(call)
                do { try meddle(number, call, &inside.host) } catch { preconditionFailure("the meddler: \(error)") }
                for late in inside.late where late.number == number { late.body(&inside.host) }
                let fault = inside.faults[number]
                if fault == .late, call.isWrite {
                    inside.late.append((number + Self.lateness, { host in _ = try? body(&host) }))
                }
                if fault == .lostBefore || fault == .late { inside.isConnected = false }
                guard inside.isConnected else { throw Self.lost }
                if fault == .before { throw Self.refused }
                let value = try body(&inside.host)
                if fault == .lostAfter {
                    inside.isConnected = false
                    throw Self.lost
                }
                if fault == .after { throw Self.refused }
                return value
            }
        }
        return try result.get()
    }

    /// A call to the kernel, which answers whether libvirt's daemon does or not.
    private func kernelCall<T: Sendable>(
        _ name: String, _ pf: PCIAddress, _ body: @Sendable (inout PretendHost) throws(HostError) -> T
    ) throws(HostError) -> T {
        let result = inside.withLock { inside in
            Result { () throws(HostError) in
                let number = inside.calls.count
                let call = Call(name: name, subject: pf.description)
                inside.calls.append(call)
                do { try meddle(number, call, &inside.host) } catch { preconditionFailure("the meddler: \(error)") }
                switch inside.faults[number] {
                case nil: return try body(&inside.host)
                case .before, .lostBefore, .late: break
                case .after, .lostAfter: _ = try body(&inside.host)
                }
                throw HostError(pf.description, 5)
            }
        }
        return try result.get()
    }

    private static let lost = LibvirtError(code: .rpc, domain: 7, message: "the connection is gone")
    private static let refused = LibvirtError(code: .operationFailed, domain: PretendHost.ofNetwork, message: "refused")

    package func reconnect() throws(LibvirtError) {
        let connected = inside.withLock { inside in
            inside.calls.append(Call(name: "reconnect", subject: ""))
            if canReconnect { inside.isConnected = true }
            return inside.isConnected
        }
        if !connected { throw Self.lost }
    }

    // MARK: The kernel

    package func value(_ attribute: PFChange.Attribute, of pf: PCIAddress) throws(HostError) -> Int? {
        try kernelCall("value", pf) { host in host.value(attribute, of: pf) }
    }

    package func set(_ attribute: PFChange.Attribute, of pf: PCIAddress, to value: Int) throws(HostError) {
        try kernelCall("set", pf) { (host) throws(HostError) in try host.set(attribute, of: pf, to: value) }
    }

    package func functions(of pf: PCIAddress) throws(HostError) -> [PCIAddress] {
        try kernelCall("functions", pf) { host in
            host.pfs.first { $0.address == pf }?.functions.map(\.address) ?? []
        }
    }

    package func isSettled(_ pf: PCIAddress) throws(HostError) -> Bool {
        try kernelCall("isSettled", pf) { _ in true }
    }

    package func users(of pf: PCIAddress) throws(HostError) -> [String] {
        try kernelCall("users", pf) { host in host.users(of: pf) }
    }

    package func answer(to trial: SettingsTrial) -> DriverAnswer { answer }

    // MARK: Networks

    package func networkXML(_ name: Name) throws(LibvirtError) -> String? {
        try call("networkXML", name.string) { host in host.networks[name]?.persistent }
    }

    package func networkIsActive(_ name: Name) throws(LibvirtError) -> Bool {
        try call("networkIsActive", name.string) { host in host.networks[name]?.live != nil }
    }

    package func networkAutostarts(_ name: Name) throws(LibvirtError) -> Bool {
        try call("networkAutostarts", name.string) { host in host.networks[name]?.autostart ?? false }
    }

    package func defineNetwork(_ xml: String) throws(LibvirtError) {
        try call("defineNetwork", Self.name(xml)) { (host) throws(LibvirtError) in try host.defineNetwork(xml) }
    }

    package func undefineNetwork(_ name: Name) throws(LibvirtError) {
        try call("undefineNetwork", name.string) { (host) throws(LibvirtError) in try host.undefineNetwork(name) }
    }

    package func startNetwork(_ name: Name) throws(LibvirtError) {
        try call("startNetwork", name.string) { (host) throws(LibvirtError) in try host.startNetwork(name) }
    }

    package func stopNetwork(_ name: Name) throws(LibvirtError) {
        try call("stopNetwork", name.string) { (host) throws(LibvirtError) in try host.stopNetwork(name) }
    }

    package func setAutostart(_ name: Name, _ on: Bool) throws(LibvirtError) {
        try call("setAutostart", name.string) { (host) throws(LibvirtError) in try host.setAutostart(name, on) }
    }

    // MARK: Ports

    package func portXMLs(_ network: Name) throws(LibvirtError) -> [String]? {
        try call("portXMLs", network.string) { (host) throws(LibvirtError) -> [String]? in
            guard host.supportsPorts else { return nil }
            guard let network = host.networks[network] else { throw PretendHost.refusal(.noNetwork, network.string) }
            return network.ports.values.map(Self.xml)
        }
    }

    package func hasPort(_ network: Name, uuid: String) throws(LibvirtError) -> Bool? {
        try call("hasPort", network.string) { (host) throws(LibvirtError) -> Bool? in
            guard host.supportsPorts else { return nil }
            guard let network = host.networks[network] else { throw PretendHost.refusal(.noNetwork, network.string) }
            return network.ports.values.contains { $0.uuid == uuid }
        }
    }

    package func portUUIDs(_ network: Name) throws(LibvirtError) -> Set<Name>? {
        try call("portUUIDs", network.string) { (host) throws(LibvirtError) -> Set<Name>? in
            guard host.supportsPorts else { return nil }
            guard let network = host.networks[network] else { throw PretendHost.refusal(.noNetwork, network.string) }
            return Set(network.ports.values.map { Name($0.uuid) })
        }
    }

    package func createReservation(_ network: Name, _ xml: String) throws(LibvirtError) {
        try call("createReservation", network.string) { (host) throws(LibvirtError) in
            try host.createReservation(network, xml)
        }
    }

    package func deletePort(_ network: Name, uuid: String) throws(LibvirtError) {
        try call("deletePort", network.string) { (host) throws(LibvirtError) in try host.deletePort(network, uuid: uuid)
        }
    }

    // MARK: Guests

    package func guestXML(_ uuid: String) throws(LibvirtError) -> String? {
        try call("guestXML", uuid) { host in host.guests[uuid].flatMap { $0.persistent ?? $0.live } }
    }

    package func liveGuestXML(_ uuid: String) throws(LibvirtError) -> String? {
        try call("liveGuestXML", uuid) { host in host.guests[uuid]?.live }
    }

    package func defineGuest(_ xml: String) throws(LibvirtError) {
        try call("defineGuest", Self.name(xml)) { (host) throws(LibvirtError) in try host.defineGuest(xml) }
    }

    package func plug(_ uuid: String, _ xml: String) throws(LibvirtError) {
        try call("plug", uuid) { (host) throws(LibvirtError) in try host.plug(uuid, xml) }
    }

    package func unplug(
        _ uuid: String, _ xml: String, alias: Name, patience: Double
    ) throws(LibvirtError) -> UnplugOutcome {
        let unplugs = unplugs
        return try call("unplug", uuid) { (host) throws(LibvirtError) in
            if case .gone = unplugs { try host.unplug(uuid, xml) }
            return unplugs
        }
    }

    private static func name(_ xml: String) -> String {
        (try? PretendHost.parsed(xml))?.root.first("name")?.text ?? ""
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    }

    private static func xml(_ port: NetworkPortState) -> String {
        """
        <networkport><uuid>\(port.uuid)</uuid><owner><name>\(escaped(port.ownerName.string))</name><uuid>\(port.ownerUUID)</uuid></owner>\
        \(port.mac.map { "<mac address='\($0)'/>" } ?? "")\
        <plug type='hostdev-pci' managed='yes'>\(port.address.map { PretendHost.xml($0, type: false) } ?? "")</plug>\
        </networkport>
        """
    }
}
