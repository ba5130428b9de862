/// A release of libvirt, such as 9.0.0, or of a hypervisor that libvirt tells in the same form.
package struct LibvirtVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let major: UInt
    package let minor: UInt
    package let release: UInt

    package init(major: UInt, minor: UInt, release: UInt) {
        self.major = major
        self.minor = minor
        self.release = release
    }

    /// libvirt's own form: `major * 1,000,000 + minor * 1,000 + release`.
    package init(_ number: UInt) {
        self.init(major: number / 1_000_000, minor: number / 1_000 % 1_000, release: number % 1_000)
    }

    package static func < (left: LibvirtVersion, right: LibvirtVersion) -> Bool {
        (left.major, left.minor, left.release) < (right.major, right.minor, right.release)
    }

    package var description: String { "\(major).\(minor).\(release)" }
}
