/// The rig, or what was asked of it, failed.
package struct RigError: Error, Sendable, Equatable, CustomStringConvertible {
    package var message: String
    /// libvirt's `VIR_ERR_…` and `VIR_FROM_…`, when it was libvirt that refused.
    package var code: Int?
    package var domain: Int?

    package init(_ message: String, code: Int? = nil, domain: Int? = nil) {
        self.message = message
        self.code = code
        self.domain = domain
    }

    package var description: String { message }
}
