import TestSupport
import Testing
import Text

@testable import SRIOV

/// What a host tells of VFs that could be handed over, from a made-up /sys and list of modules.
@Suite struct VFMigrationTests {
    private static let aliases = """
        # Aliases extracted from modules themselves.
        alias pci:v000015B3d0000101Esv*sd*bc*sc*i* mlx5_core
        alias vfio_pci:v*d*sv*sd*bc*sc*i* vfio_pci
        alias vfio_pci:v000015B3d0000101Esv*sd*bc*sc*i* mlx5_vfio_pci
        alias vfio_pci:v00001DD8d*sv*sd*bc02sc*i* pds_vfio_pci
        alias vfio_pci:v00001DD8d00001003sv*sd*bc02sc00i00 other_vfio_pci
        alias vfio_pci:broken

        """

    private func host(_ drivers: [String?], aliases: String? = aliases, _ modalias: String = mlx5) throws -> PretendSys
    {
        let functions = drivers.map { driver in
            var function = PretendFunction()
            function.driver = driver
            return function
        }
        let host = try PretendSys([PretendPF("eth3", functions: functions)])
        for index in drivers.indices {
            try host.write(modalias, "bus/pci/devices/\(Self.address(index))/modalias")
        }
        if let aliases { try host.addModules(aliases, list: "modules.alias") }
        return host
    }

    private static let mlx5 = "pci:v000015B3d0000101Esv000015B3sd00000021bc02sc00i00"

    private static func address(_ index: Int) -> String { PretendPF("eth3", vfs: 0).functionAddress(index) }

    private func read(_ host: PretendSys) throws -> [VFMigration?] {
        let pfs = try host.sysfs.physicalFunctions()
        let found = host.sysfs.migration(of: pfs)
        return pfs.flatMap(\.functions).map { found[$0.address] }
    }

    @Test(arguments: [
        (mlx5, "mlx5_vfio_pci"), ("pci:v00008086d000010CAsv0sd0bc02sc00i00", "vfio-pci"),
        ("pci:v00001DD8d00001003sv0sd0bc02sc00i00", "other_vfio_pci"),
        ("pci:v00001DD8d00001004sv0sd0bc02sc00i00", "pds_vfio_pci"),
    ]) func `the VFIO driver that suits it best`(_ modalias: String, _ driver: String) throws {
        #expect(try read(host([nil], modalias)) == [VFMigration(bestDriver: driver)])
    }

    @Test func `without a list of modules nothing is said`() throws {
        #expect(try read(host(["vfio-pci"], aliases: nil)) == [VFMigration()])
        #expect(try read(host(["vfio-pci"], aliases: "")) == [VFMigration(bestDriver: "vfio-pci")])
    }

    /// debugfs has a folder for each of VFIO's devices, and in it one for what it can do.
    @Test func `the kernel's own word`() throws {
        let host = try host(["mlx5_vfio_pci", "vfio-pci", "mlx5_vfio_pci", "mlx5_core", nil], aliases: nil)
        let debug = "kernel/debug/vfio/"
        try host.write("RUNNING", debug + Self.address(0) + "/migration/state")
        try host.write("", debug + Self.address(1) + "/other")
        // Of a VF that no VFIO driver has, a folder would be left over.
        try host.write("RUNNING", debug + Self.address(3) + "/migration/state")
        #expect(try read(host).map { $0?.isOffered } == [true, false, nil, nil, nil])
    }
}
