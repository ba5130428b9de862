import CLinux
import Model

/// The system's log, as syslog(3) writes it, for what runs without a terminal.
package enum SystemLog {
    /// - Parameters:
    ///   - text: logged as it is, whatever it holds.
    ///   - priority: one of `LOG_ERR`, `LOG_WARNING` and so on.
    package static func write(_ text: String, priority: Int32) { vfpool_log(priority, text) }
}
