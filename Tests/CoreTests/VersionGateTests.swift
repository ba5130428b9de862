import FoundationEssentials
import Libvirt
import TestSupport
import Testing

@testable import Model

@Suite struct VersionGateTests {
    private static let folder = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

    private static func row(_ gate: VersionGate) -> String {
        let until = gate.until.map { ", until \($0)" } ?? ""
        return "| \(gate.program.rawValue) \(gate.since)\(until) | \(gate.what) |"
    }

    @Test func `docs have every gate, and no other`() throws {
        let text = try String(contentsOfFile: Self.folder + "/docs/versions.md", encoding: .utf8)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| libvirt") || $0.hasPrefix("| QEMU") }
        #expect(rows.map(String.init) == VersionGate.all.map(Self.row))
    }

    /// No other place compares versions.
    @Test func `versions are compared in one place`() throws {
        let sources = Self.folder + "/Sources"
        let found = try RunningCommand(
            ["/usr/bin/grep", "-rl", "LibvirtVersion(major:", sources], environment: ["PATH": "/usr/bin:/bin"]
        ).wait()
        let files = found.stdout.split(separator: "\n").map { String($0.dropFirst(sources.count + 1)) }
        #expect(files == ["Model/Diagnostics/VersionGate.swift"])
    }

    @Test func `a fault ends`() {
        func version(_ major: UInt, _ minor: UInt, _ release: UInt = 0) -> LibvirtVersion {
            LibvirtVersion(major: major, minor: minor, release: release)
        }
        #expect(
            [version(12, 0, 9), version(12, 1), version(12, 1, 7), version(12, 2)].map(VersionGate.plugFault.has)
                == [false, true, true, false])
        #expect(!VersionGate.ports.isLacking(nil) && VersionGate.ports.isLacking(version(5, 4, 9)))
    }
}
