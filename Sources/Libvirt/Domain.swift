import CLibvirt
import Glibc
package import Text

/// A guest, as libvirt knows it.
package final class Domain: LibvirtObject {
    package let name: Name

    /// In lower case with dashes.
    package let uuid: String

    let line: Line
    private let handle: Handle
    var pointer: OpaquePointer { handle.pointer }

    init(_ handle: consuming Handle, _ line: Line) throws(LibvirtError) {
        let pointer = handle.pointer
        name = Name(try Answer.borrowedText(virDomainGetName(pointer)))
        uuid = try Answer.uuid { virDomainGetUUIDString(pointer, $0) }
        self.line = line
        self.handle = handle
    }

    /// The number of a running domain, as of when it was looked up. See also `virDomainGetID`.
    package func id() throws(LibvirtError) -> Int? {
        try line.call { () throws(LibvirtError) in
            let id = virDomainGetID(self.pointer)
            guard id == UInt32.max else { return Int(id) }
            // A failure looks the same, but leaves an error behind.
            if let error = Answer.lastError() { throw error }
            return nil
        }
    }

    /// Whether it runs, paused included. See also `virDomainIsActive`.
    package func isActive() throws(LibvirtError) -> Bool { try flag(virDomainIsActive) }

    /// Whether it is paused while it moves: on the target until it has arrived, on the source when the target goes on. See also
    /// `virDomainGetState`.
    package func isPausedForMigration() throws(LibvirtError) -> Bool {
        try line.call { () throws(LibvirtError) in
            var (state, reason) = (Int32(0), Int32(0))
            try Answer.done(virDomainGetState(self.pointer, &state, &reason, 0))
            let reasons = [VIR_DOMAIN_PAUSED_MIGRATION, VIR_DOMAIN_PAUSED_POSTCOPY].map { Int32($0.rawValue) }
            return state == Int32(VIR_DOMAIN_PAUSED.rawValue) && reasons.contains(reason)
        }
    }

    /// Whether it has a configuration that outlives it. See also `virDomainIsPersistent`.
    package func isPersistent() throws(LibvirtError) -> Bool { try flag(virDomainIsPersistent) }

    /// Whether it starts with the host. See also `virDomainGetAutostart`.
    package func autostart() throws(LibvirtError) -> Bool { try value(virDomainGetAutostart) != 0 }

    /// Whether its next start resumes a saved image, with the devices of then. See also `virDomainHasManagedSaveImage`.
    package func hasManagedSave() throws(LibvirtError) -> Bool { try flag { virDomainHasManagedSaveImage($0, 0) } }

    /// How many snapshots it has, each with the devices of then. See also `virDomainSnapshotNum`.
    package func snapshotCount() throws(LibvirtError) -> Int { try number { virDomainSnapshotNum($0, 0) } }

    /// Names and MACs of the interfaces that the guest's own agent tells, as it spells them. Waits for the agent, some seconds if
    /// it does not answer; not on a read-only connection. See also `virDomainInterfaceAddresses`, since 1.2.14.
    package func agentInterfaces() throws(LibvirtError) -> [(name: String, mac: String)] {
        try line.call(isLong: true) { () throws(LibvirtError) in
            var array: UnsafeMutablePointer<virDomainInterfacePtr?>?
            let source = UInt32(VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT.rawValue)
            let count = try Answer.number(virDomainInterfaceAddresses(self.pointer, &array, source, 0))
            defer { free(array) }
            return UnsafeBufferPointer(start: array, count: count).compactMap { interface in
                defer { virDomainInterfaceFree(interface) }
                guard let told = interface?.pointee, let name = told.name, let mac = told.hwaddr else { return nil }
                return (String(cString: name), String(cString: mac))
            }
        }
    }

    /// Its document. See also `virDomainGetXMLDesc`.
    package func xml(_ flags: DomainXMLFlags = []) throws(LibvirtError) -> String {
        try text { virDomainGetXMLDesc($0, flags.rawValue) }
    }

    /// Adds the device that the document describes. See also `virDomainAttachDeviceFlags`.
    package func attachDevice(_ xml: String, flags: DeviceModifyFlags) throws(LibvirtError) {
        try perform(isLong: true) { virDomainAttachDeviceFlags($0, xml, flags.rawValue) }
    }

    /// Removes the device that the document describes. In a running domain this only asks the guest, which may answer
    /// later or refuse: see `DeviceRemovalWatch`. See also `virDomainDetachDeviceFlags`.
    package func detachDevice(_ xml: String, flags: DeviceModifyFlags) throws(LibvirtError) {
        try perform(isLong: true) { virDomainDetachDeviceFlags($0, xml, flags.rawValue) }
    }

    /// Changes a device to what the document describes. See also `virDomainUpdateDeviceFlags`.
    package func updateDevice(_ xml: String, flags: DeviceModifyFlags) throws(LibvirtError) {
        try perform { virDomainUpdateDeviceFlags($0, xml, flags.rawValue) }
    }

    /// Throws `.operationInvalid` if it runs already. See also `virDomainCreate`.
    package func start() throws(LibvirtError) { try perform(virDomainCreate) }

    /// Asks the guest to shut down, and doesn't wait. See also `virDomainShutdown`.
    package func shutdown() throws(LibvirtError) { try perform(virDomainShutdown) }

    /// Stops it as if its power were cut. See also `virDomainDestroy`.
    package func destroy() throws(LibvirtError) { try perform(virDomainDestroy) }

    /// Removes its configuration; a running domain runs on. See also `virDomainUndefineFlags`.
    package func undefine(_ flags: DomainUndefineFlags = []) throws(LibvirtError) {
        try perform { virDomainUndefineFlags($0, flags.rawValue) }
    }
}
