package import Libvirt
package import SRIOV

/// What may stand in a shell command, as its text is: it holds nothing that a shell acts on, or was quoted.
///
/// A type of its own, since that a thing can be printed says nothing about what a shell makes of it.
package protocol ShellText {
    var shellText: String { get }
}

extension Int: ShellText {
    package var shellText: String { String(self) }
}

extension PCIAddress: ShellText {
    package var shellText: String { description }
}

extension MACAddress: ShellText {
    package var shellText: String { description }
}

extension LibvirtVersion: ShellText {
    package var shellText: String { description }
}

extension IndexSet: ShellText {
    package var shellText: String { description }
}
