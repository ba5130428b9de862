import Model
import SRIOV
import Synchronization
import TestSupport
import Testing
import Text

@testable import Applying

/// What `--verbose` shows of a change: every call that it makes, by libvirt's name for it.
@Suite struct TracedHypervisorTests {
    /// What each call is told as. The kernel is asked again and again whether new VFs are there; that is not told.
    private static let words = [
        "networkXML": "read network", "networkIsActive": "is network", "networkAutostarts": "does network",
        "defineNetwork": "virNetworkDefineXMLFlags", "undefineNetwork": "virNetworkUndefine",
        "startNetwork": "virNetworkCreate", "stopNetwork": "virNetworkDestroy",
        "setAutostart": "virNetworkSetAutostart", "portXMLs": "virNetworkListAllPorts",
        "portUUIDs": "virNetworkListAllPorts",
        "hasPort": "virNetworkPortLookupByUUIDString", "createReservation": "virNetworkPortCreateXML",
        "deletePort": "virNetworkPortDelete", "guestXML": "read guest", "liveGuestXML": "read running guest",
        "defineGuest": "virDomainDefineXML", "plug": "virDomainAttachDeviceFlags",
        "unplug": "virDomainDetachDeviceFlags", "value": "read sriov", "set": "write", "users": "who uses",
        "reconnect": "connecting again",
    ]

    /// - Returns: what was told, and what was called in these words.
    private func apply(_ plan: Plan, to hypervisor: FaultyHypervisor) -> (told: [String: Int], called: [String: Int]) {
        let told = Mutex<[String]>([])
        let traced = TracedHypervisor(hypervisor) { line in told.withLock { $0.append(line) } }
        _ = try? Applier(traced, record: MemoryRecord(), lateness: Lateness(pause: 0)).apply(plan)
        let lines = told.withLock { $0 }.map { line in
            Self.words.values.first { line.hasPrefix($0) } ?? line
        }
        let calls = hypervisor.calls.compactMap { Self.words[$0.name] }
        return (
            Dictionary(grouping: lines) { $0 }.mapValues(\.count), Dictionary(grouping: calls) { $0 }.mapValues(\.count)
        )
    }

    /// Of a change that is made, and of one that is put back after the connection broke at its last call.
    @Test(arguments: Scenario.all) func everyCallIsTold(_ scenario: Scenario) throws {
        let (host, plan) = try scenario.make()
        let clean = FaultyHypervisor(host)
        let made = apply(plan, to: clean)
        #expect(made.told == made.called)
        let lost = apply(plan, to: FaultyHypervisor(host, faults: [clean.calls.count - 1: .lostAfter]))
        #expect(lost.told == lost.called)
    }

    @Test func aTrialIsTold() throws {
        let host = try PretendHost.pooled()
        let plan = try host.set("vfpool-eth3", .of("trust=on"))
        let trial = try #require(plan.trials.first)
        let told = Mutex<[String]>([])
        _ = try TracedHypervisor(FaultyHypervisor(host)) { line in told.withLock { $0.append(line) } }.answer(to: trial)
        #expect(told.withLock { $0 } == ["try trust on on VF 3 of eth3, and put it back"])
    }
}
