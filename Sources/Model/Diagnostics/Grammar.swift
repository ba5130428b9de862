package import Libvirt

/// Whose grammar planned documents are held to.
///
/// This machine's files are those of its libvirt library. A daemon on this machine has the same; one elsewhere has them if it is of the
/// library's version. Another one's are not to be had: held to those of an older library, a document would be refused for what
/// the daemon can do, and held to those of a newer one, taken for what it can't. Then the daemon itself judges, when it is to keep
/// the document.
package enum Grammar: Sendable, Equatable {
    /// This machine's files, before anything is shown.
    case here
    /// The daemon's own, by its VALIDATE flags.
    case daemon

    /// - Parameter library: the version of this machine's library; nil where there is none.
    package init(isLocal: Bool, daemon: LibvirtVersion?, library: LibvirtVersion? = Connection.clientVersion) {
        let isTheSame = daemon.flatMap { version in library.map { $0 == version } } ?? true
        self = isLocal || isTheSame ? .here : .daemon
    }
}

extension State {
    package var grammar: Grammar { Grammar(isLocal: isLocal, daemon: libvirtVersion) }

    /// The same of networks: a daemon that can't be asked to judge them leaves this machine's files.
    var networkGrammar: Grammar { VersionGate.networkValidation.isLacking(libvirtVersion) ? .here : grammar }
}
