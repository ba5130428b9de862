import CLibvirt
import Glibc

/// Why a libvirt call failed, as libvirt's `virError` says it. Decide by `code` and `domain`, never by `message`.
package struct LibvirtError: Error, Hashable, Sendable {
    package let code: Code

    /// The part of libvirt that failed, a `virErrorDomain`: `VIR_FROM_QEMU`, `VIR_FROM_NETWORK`…
    package let domain: Int32

    /// libvirt's words, one sentence.
    package let message: String

    /// The name of the argument that libvirt found at fault, for `.invalidArgument`: `flags`, `xml`… (`virError.str2`).
    package let argument: String?

    /// The kernel's error number behind `.systemError` (`virError.int1`); 0 where there is none.
    package let systemNumber: Int32

    package init(
        code: Code, domain: Int32 = 0, message: String, argument: String? = nil, systemNumber: Int32 = 0
    ) {
        self.code = code
        self.domain = domain
        self.message = message
        self.argument = argument
        self.systemNumber = systemNumber
    }

    /// The C constant of `code`, for people: `VIR_ERR_NO_DOMAIN`; `VIR_ERR_200` for one newer than vfpool.
    package var symbol: String {
        if code == .libraryMissing { return "VFPOOL_ERR_NO_LIBRARY" }
        if code == .noAnswer { return "VFPOOL_ERR_NO_ANSWER" }
        let number = Int(code.rawValue)
        return ErrorNames.codes.indices.contains(number) ? ErrorNames.codes[number] : "VIR_ERR_\(number)"
    }

    /// The name of `domain`, for people: `qemu`, `network`, `rpc`; its number for one newer than vfpool.
    package var domainName: String {
        let number = Int(domain)
        return ErrorNames.domains.indices.contains(number) ? ErrorNames.domains[number] : "\(number)"
    }

    /// The daemon can't be reached, or can no longer: the socket, the keep-alive or the protocol failed, or it says nothing.
    package var connectionLost: Bool {
        if code == .invalidConnection || code == .noAnswer { return true }
        let ofTransport = domain == Int32(VIR_FROM_RPC.rawValue) || domain == Int32(VIR_FROM_REMOTE.rawValue)
        return ofTransport && [.rpc, .systemError, .internalError].contains(code)
    }

    /// Nobody listens at a socket. Of an open connection's calls that is another daemon's, to which the one at its other end goes:
    /// virtnetworkd, say, by way of virtqemud. Then nothing was done of what was asked.
    package var isOfDaemonBehind: Bool {
        connectionLost && code == .systemError && [ENOENT, ECONNREFUSED].contains(systemNumber)
    }

    /// This driver, this daemon or the loaded libvirt can't do what was asked: what it would have told is unknown.
    ///
    /// A flag that a driver doesn't know counts; libvirt reports it as `VIR_ERR_INVALID_ARG` on the argument `flags`.
    package var isUnsupported: Bool {
        switch code {
        case .noSupport, .argumentUnsupported, .operationUnsupported: true
        case .invalidArgument: argument == "flags"
        default: false
        }
    }
}

extension LibvirtError: CustomStringConvertible {
    package var description: String { "\(message) (\(symbol), \(domainName))" }
}
