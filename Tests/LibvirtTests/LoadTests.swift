import CLibvirt
import Testing
import Text

@testable import Libvirt

/// What happens without libvirt, or with one that is too old.
@Suite struct LoadTests {
    @Test func aMissingFunctionIsUnsupported() throws {
        let error = #expect(throws: LibvirtError.self) { try Answer.done(vfpool_no_such_function()) }
        #expect(error?.code == .noSupport)
        #expect(error?.isUnsupported == true)
        #expect(error?.message.contains("vfpool_no_such_function") == true)
    }

    @Test func aMissingFunctionLeavesTheRestAlone() throws {
        #expect(throws: LibvirtError.self) { try Answer.done(vfpool_no_such_function()) }
        let connection = try Connection.open("test:///default", readOnly: true)
        // The error is this call's, not the missing function's.
        let error = #expect(throws: LibvirtError.self) { try connection.domain(named: "nobody") }
        #expect(error?.code == .noDomain)
    }

    @Test func aMissingLibraryIsAnErrorOfItsOwn() throws {
        let error = #expect(throws: LibvirtError.self) { try load("libvirt-of-nobody.so.0") }
        #expect(error?.code == .libraryMissing)
        #expect(error?.symbol == "VFPOOL_ERR_NO_LIBRARY")
        #expect(error?.message.contains("libvirt-of-nobody.so.0") == true)
        #expect(error?.isUnsupported == false)
    }

    @Test func theSameLibraryIsLoadedOnce() throws {
        #expect(try load("libvirt.so.0") == load("libvirt.so.0"))
    }

    private func load(_ name: String) throws(LibvirtError) -> OpaquePointer {
        try Answer.object(OpaquePointer(vfpool_load(name)))
    }
}
