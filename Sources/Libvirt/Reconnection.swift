import Glibc

extension Connection {
    /// Seconds that a daemon may take to come back.
    private static let absence = 10.0

    /// Connects, to change something, to a daemon that has just gone away, when it is back with all that it was asked for.
    ///
    /// Where each driver has a daemon of its own, that of networks may come later than that of guests: until it is there
    /// the connection still is lost. Throws `.noAnswer` at once: who is frozen does not come back.
    package static func openAgain(
        _ uri: String?, events: Bool = false, patience: Patience = Patience()
    ) throws(LibvirtError) -> Connection {
        var patience = patience
        patience.connecting = patience.seconds.map { min($0, absence) }
        let end = Monitor.now + absence
        while true {
            do throws(LibvirtError) {
                let connection = try open(uri, readOnly: false, events: events, patience: patience)
                do throws(LibvirtError) {
                    _ = try connection.networks()
                } catch  where error.isUnsupported {}
                return connection
            } catch {
                guard error.code != .noAnswer, Monitor.now < end else { throw error }
                usleep(200_000)
            }
        }
    }
}
