import FoundationEssentials
import Testing
import Text

@testable import Libvirt

@Suite struct LibvirtErrorTests {
    @Test func carriesWhatLibvirtSaid() throws {
        let connection = try Connection.open("test:///default", readOnly: true)
        let error = #expect(throws: LibvirtError.self) { try connection.domain(named: "nobody") }
        #expect(error?.code == .noDomain)
        #expect(error?.symbol == "VIR_ERR_NO_DOMAIN")
        #expect(error?.domainName == "test")
        #expect(error?.message.isEmpty == false)
        #expect(error?.isUnsupported == false)
        #expect(error?.connectionLost == false)
        #expect(error?.description.hasSuffix("(VIR_ERR_NO_DOMAIN, test)") == true)
    }

    @Test func tellsKindsApart() throws {
        let connection = try Connection.open("test:///default", readOnly: false)
        func code(_ call: () throws -> Void) -> LibvirtError.Code? {
            #expect(throws: LibvirtError.self, performing: call)?.code
        }
        #expect(code { _ = try connection.network(named: "nothing") } == .noNetwork)
        #expect(code { _ = try connection.nodeDevice(named: "nothing") } == .noNodeDevice)
        #expect(code { _ = try connection.domain(uuid: "no UUID") } == .invalidArgument)
        #expect(code { _ = try connection.defineDomain("<domain type='test'>") } == .xmlDetail)
        #expect(code { _ = try connection.defineDomain("<network/>") } == .xmlError)
        #expect(code { _ = try Connection.open("test+pigeon:///default", readOnly: true) } == .invalidArgument)
    }

    @Test func anArgumentAtFaultIsNotUnsupported() throws {
        let connection = try Connection.open("test:///default", readOnly: true)
        let error = #expect(throws: LibvirtError.self) { try connection.domain(uuid: "no UUID") }
        #expect(error?.code == .invalidArgument)
        #expect(error?.isUnsupported == false)
    }

    @Test func nobodyAtTheSocketIsAConnectionLost() {
        let error = #expect(throws: LibvirtError.self) {
            try Connection.open("test+unix:///default?socket=/nonexistent/libvirt-sock", readOnly: true)
        }
        #expect(error?.connectionLost == true)
        #expect(error?.domainName == "rpc")
    }

    @Test func namesTheUnknownByNumber() {
        let error = LibvirtError(code: .init(rawValue: 4711), domain: 815, message: "New.")
        #expect(error.symbol == "VIR_ERR_4711")
        #expect(error.domainName == "815")
        #expect(LibvirtError(code: .init(rawValue: -7), domain: -7, message: "").symbol == "VIR_ERR_-7")
    }

    private static let header = "/usr/include/libvirt/virterror.h"

    /// The names against the header that they were taken from.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: header), "libvirt-dev is not installed"))
    func namesAreThoseOfTheHeader() throws {
        let header = try String(contentsOf: URL(filePath: Self.header), encoding: .utf8)
        var codes: [Int: String] = [:]
        var domains: [Int: String] = [:]
        for match in header.matches(of: /\b(VIR_(?:ERR|WAR|FROM)_(\w+)) = (\d+)/) {
            guard let number = Int(match.3) else { continue }
            if match.1.hasPrefix("VIR_FROM_") {
                domains[number] = match.2.lowercased()
            } else if !["NONE", "WARNING", "ERROR"].contains(match.2) {
                // These three are the levels, from 0 too.
                codes[number] = String(match.1)
            }
        }
        #expect(codes.count > 100 && domains.count > 70)
        for (number, name) in codes {
            #expect(LibvirtError(code: .init(rawValue: Int32(number)), message: "").symbol == name)
        }
        for (number, name) in domains {
            #expect(LibvirtError(code: .noDomain, domain: Int32(number), message: "").domainName == name)
        }
    }
}
