import Journal
import Model
import Reading
import Reporting
import Text

/// The one path of every command that only looks.
enum OneRead {
    static func report(_ connection: ConnectionOptions, _ output: Output) throws(Failure) -> Report {
        let host = try Host.open(connection.uri, readOnly: true, timeout: connection.patience)
        output.verbose("connected to \(host.uri), read-only")
        return Report(try state(host, output))
    }

    /// The picture that a plan is made from.
    ///
    /// - Throws: `host-unreadable` where it can't be told who has which VF.
    static func stateToChange(_ host: Host, _ output: Output) throws(Failure) -> State {
        let state = try state(host, output)
        try state.checkReadable()
        return state
    }

    /// One picture of the host.
    ///
    /// - Parameter isRepeated: whether it is not the first of this command.
    static func state(_ host: Host, _ output: Output, isRepeated: Bool = false) throws(Failure) -> State {
        let start = ContinuousClock.now
        let read = try host.state()
        let state =
            read.networks.contains(where: \.mayHaveLostMark)
            ? Journal(StateFolder.standard(Terminal.environment), host: host.identity()).recalling(read) : read
        if !isRepeated, Name(host.uri) == "qemu:///session" {
            output.note(
                "\(host.uri) is a user's own libvirt, which gives no guest a VF: the host's pools and guests are not seen there",
                hints: ["see them: `--connect qemu:///system`"])
        }
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        output.verbose(
            "read \(state.networks.count) networks, \(state.guests.count) guests and \(state.pfs.count) PFs in "
                + "\(seconds * 1000 + attoseconds / 1_000_000_000_000_000) ms")
        return state
    }
}
