import Libvirt
import SRIOV
import TestSupport
import Testing
import Text

@testable import Model
@testable import Planning

/// A VFIO driver by name: on libvirt that can be told, and where the host has it.
@Suite struct DriverModelTests {
    private static let model = "mlx5_vfio_pci"

    private func state(_ version: UInt, there: Bool?) throws -> State {
        var state = try PretendHost([PretendPF("eth3", vfs: 4)]).state()
        state.libvirtVersion = LibvirtVersion(major: version, minor: 0, release: 0)
        state.vfioDrivers = there.map { [Name(Self.model): $0] } ?? [:]
        return state
    }

    private func create(_ state: State, _ model: String? = model, template: String? = nil) throws -> Plan {
        var request = CreateRequest(
            pfs: [try #require(state.pfs.first)], template: template,
            templateName: template.map { _ in "mine.xml" },
            uuid: PretendHost.poolUUID)
        request.driverModel = model
        return try CreatePlanner.plan(state, request)
    }

    /// The grammar files that it is held to are those of this machine.
    private static let knowsModels = Connection.clientVersion.map(VersionGate.driverModel.has) ?? false

    @Test(.enabled(if: knowsModels, "libvirt's grammar files here are from before 10.0"), arguments: [true, nil])
    func `the pool names it`(_ there: Bool?) throws {
        let state = try state(10, there: there)
        let plan = try create(state)
        let after = try state.after(plan.items)
        #expect(after.network("vfpool-eth3")?.settings.driverModel == Self.model)
        #expect(try create(after).isEmpty && create(after, nil).isEmpty)
        refused(.poolDiffers, hint: "net-edit") { try create(after, "vfio-pci") }
    }

    @Test func `refused where libvirt can't be told, or the host has no such driver`() throws {
        refused(.unsupported, hint: "leave the driver to libvirt") { try create(state(9, there: true)) }
        refused(.noSuchDriver, hint: "`modprobe mlx5_vfio_pci`") { try create(state(10, there: false)) }
        #expect(try !create(state(9, there: false), nil).isEmpty)
    }

    /// A template's is looked at as well.
    @Test func `a template's`() throws {
        let host = try PretendHost([PretendPF("eth3", vfs: 4)])
        let pool = try #require(try host.create("eth3").steps.first?.documentChange?.after)
        let template = pool.replacing(
            "<driver name=\"vfio\"/>", with: "<driver name=\"vfio\" model=\"mlx5_vfio_pci\"/>")
        #expect(
            CreatePlanner.driverModel(inTemplate: template) == Self.model
                && CreatePlanner.driverModel(inTemplate: pool) == nil)
        refused(.noSuchDriver) { try create(state(10, there: false), nil, template: template) }
    }
}
