import TestSupport
import Testing
import Text

@testable import SRIOV

/// What the real kernel answers; that a driver takes what it is told is tested on the rig, whose PFs have VFs.
@Suite(.enabled(if: Namespace.isAllowed, "needs root and ip"))
struct VFTableTests {
    private static let changes: [VFChange] = [
        .trust(true), .spoofCheck(false), .rate(min: 0, max: 100), .linkState(.disable), .vlan(7, qos: 3, .customer),
        .vlan(7, qos: 0, .provider),
    ]

    /// A netdev that has no VFs understands every message, and supports none.
    @Test(arguments: changes) func notSupported(_ change: VFChange) throws {
        let error = try answer { try VFTable(pf: "v0").apply(change, to: 0) }
        #expect(error?.kind == .notSupported, "\(String(describing: error))")
        #expect(error?.message.isEmpty == false)
    }

    /// No VF has such a number, and the kernel looks at that first.
    @Test(arguments: changes) func invalid(_ change: VFChange) throws {
        let error = try answer { try VFTable(pf: "v0").apply(change, to: Int(Int32.max)) }
        // VLANs are looked at by the driver's function first.
        let isVLAN = if case .vlan = change { true } else { false }
        #expect(error?.kind == .invalid || isVLAN && error?.kind == .notSupported, "\(String(describing: error))")
    }

    @Test func missing() throws {
        #expect(try answer { _ = try VFTable(pf: "none") }?.kind == .missing)
        #expect(try answer { _ = try VFTable(pf: "v0").settings(of: 0) }?.kind == .missing)
        #expect(try answer { try VFTable(pf: "v0").apply(.trust(true), to: -1) }?.kind == .missing)
    }

    private func answer(_ body: @escaping () throws -> Void) throws -> VFTableError? {
        try Namespace.run("ip link add v0 type veth peer name v1") {
            do {
                try body()
                return nil
            } catch let error as VFTableError {
                return error
            }
        }
    }
}

@Suite struct FunctionPlaceTests {
    @Test func findsThePF() throws {
        let host = try PretendSys([
            PretendPF("eth3", vfs: 3), PretendPF("eth4", bus: 4, vfs: 2), PretendPF(nil, bus: 5, vfs: 1),
        ])
        func place(_ text: String) throws -> FunctionPlace? {
            try PCIAddress(text).flatMap { try host.sysfs.place(of: $0) }
        }
        #expect(try place("0000:03:10.4") == FunctionPlace(pf: "eth3", index: 2))
        #expect(try place("0000:04:10.0") == FunctionPlace(pf: "eth4", index: 0))
        #expect(try place("0000:05:10.0") == nil, "a port without a netdev")
        #expect(try place("0000:03:10.6") == nil && place("0000:03:00.0") == nil)
    }
}
