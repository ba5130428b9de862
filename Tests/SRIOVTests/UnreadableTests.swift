import Glibc
import SRIOV
import TestSupport
import Testing

/// What can't be read is not free: a function that the host uses is seen to be used, or its use is unknown, or nothing is
/// told at all.
@Suite struct UnreadableTests {
    /// A host of seven functions, of which the last alone is free.
    static func host() throws -> PretendSys {
        var byDevice = PretendFunction()
        byDevice.vfioDevice = "vfio3"
        let host = try PretendSys([
            PretendPF(
                "eth3",
                functions: [
                    .init(), byDevice, .inContainer, .onHost("eth3v3", uppers: [("bridge", "br0")]),
                    .onHost("eth3v4", uppers: [("vlan", "eth3v4.7")]), .onHost("eth3v5", uppers: [("macvtap", "t0")]),
                    .init(),
                ])
        ])
        try host.addProcess(41, name: "dpdk-testpmd", open: ["/dev/null", "/dev/vfio/vfio", "/dev/vfio/101"])
        try host.addProcess(42, name: "dpdk-testpmd", open: ["/dev/vfio/devices/vfio3"])
        return host
    }

    /// The indices of functions of which it is said that nobody uses them; nil where nothing is said.
    static func free(_ sysfs: Sysfs) -> [Int]? {
        guard let pfs = try? sysfs.physicalFunctions(includingPrograms: true) else { return nil }
        return pfs.flatMap(\.functions).filter(\.hostUses.isEmpty).map(\.index)
    }

    /// How many functions there are said to be.
    static func count(_ sysfs: Sysfs) -> Int? {
        (try? sysfs.physicalFunctions())?.first.map(\.functions.count)
    }

    @Test func allIsSeenWhereAllCanBeRead() throws {
        #expect(Self.free(try Self.host().sysfs) == [6])
    }

    /// With ever more file descriptors than none.
    @Test func withoutDescriptorsNothingIsFree() async {
        await #expect(processExitsWith: .success) {
            let host = try UnreadableTests.host()
            let lowest = open("/dev/null", O_RDONLY)
            close(lowest)
            var answers: Set<[Int]?> = []
            for more in 0..<24 {
                var limit = rlimit(rlim_cur: rlim_t(Int(lowest) + more), rlim_max: 1024)
                guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { exit(2) }
                for netlink in [false, true] {
                    let found = UnreadableTests.free(host.sysfs(readsNetlink: netlink))
                    answers.insert(found)
                    if !(found ?? []).allSatisfy({ $0 == 6 }) { exit(3) }
                    if let count = UnreadableTests.count(host.sysfs(readsNetlink: netlink)), count != 7 { exit(4) }
                }
            }
            // It was too few at first, and enough at last.
            guard answers.contains(nil), answers.contains([6]) else { exit(5) }
            exit(0)
        }
    }

    /// Files that another user may not read; root reads everything, so this one becomes somebody else.
    @Test(.enabled(if: geteuid() == 0, "needs root, to be somebody else"))
    func whatMayNotBeReadIsUnknown() async {
        await #expect(processExitsWith: .success) {
            for hidden in [
                "sys/bus/pci/devices/0000:03:10.6/net", "sys/bus/pci/devices/0000:03:11.2/net/eth3v5",
                "sys/bus/pci/devices/0000:03:10.0", "sys/bus/pci/devices", "sys/bus/pci/devices/0000:03:00.0",
                "sys/class/net", "proc",
            ] {
                let host = try UnreadableTests.host()
                guard chmod(host.folder, 0o755) == 0, chmod(host.folder + "/" + hidden, 0) == 0 else { exit(2) }
                guard seteuid(65_534) == 0 else { exit(3) }
                let found = UnreadableTests.free(host.sysfs)
                guard seteuid(0) == 0, (found ?? []).allSatisfy({ $0 == 6 }) else { exit(4) }
                guard try UnreadableTests.free(UnreadableTests.host().sysfs) == [6] else { exit(5) }
            }
            exit(0)
        }
    }

    /// A folder whose reading fails whoever reads it.
    @Test func aBrokenFolderMakesItsFunctionUnknownAlone() throws {
        let host = try Self.host()
        let folder = "devices/pci0000:00/0000:00:01.0/0000:03:11.4/net"
        try host.replaceLink(folder, to: "net")
        let functions = try #require(host.sysfs.physicalFunctions(includingPrograms: true).first).functions
        #expect(functions.count == 7)
        #expect(functions[6].unreadUse?.number == ELOOP && functions[6].unreadUse?.path.hasSuffix("/net") == true)
        #expect(functions.dropLast().allSatisfy { $0.unreadUse == nil && !$0.hostUses.isEmpty })
    }

    @Test func ofProcessesThatEndedNothingIsToldAndOfThoseThatHideThatTheyDo() throws {
        let host = try Self.host()
        try host.addProcess(43, name: "gone", open: [])
        PretendFiles.remove(host.processes + "/43/fd")
        #expect(try host.sysfs.vfioHolders().isComplete)
        try PretendFiles.link(host.processes + "/43/fd", to: "fd")
        #expect(throws: HostError(host.processes + "/43/fd", ELOOP)) { try host.sysfs.vfioHolders() }
        let pfs = try host.sysfs.physicalFunctions(includingPrograms: true)
        #expect(pfs.flatMap(\.functions).allSatisfy { $0.unreadUse != nil })
        PretendFiles.remove(host.processes)
        #expect(throws: HostError(host.processes, ENOENT)) { try host.sysfs.vfioHolders() }
    }

    @Test func aPlaceThatCanNotBeReadIsNotNowhere() throws {
        let host = try Self.host()
        let function = try #require(PCIAddress("0000:03:10.0"))
        #expect(try host.sysfs.place(of: function)?.index == 0)
        try host.replaceLink("devices/pci0000:00/0000:00:01.0/0000:03:10.0/physfn", to: "physfn")
        #expect(throws: HostError.self) { try host.sysfs.place(of: function) }
        #expect(try host.sysfs.place(of: #require(PCIAddress("0000:03:1f.0"))) == nil)
    }
}
