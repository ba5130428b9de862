import Text

/// Values that one thread leaves under a name and another waits for.
final class Mailbox<Value: Sendable>: @unchecked Sendable {
    private let monitor = Monitor()
    private var values: [Name: Value] = [:]

    func leave(_ value: Value, under name: Name) {
        monitor.locked {
            values[name] = value
            monitor.wake()
        }
    }

    /// Takes what lies under `name`, or `nil` if nothing does within `seconds`, or until it is enough.
    func take(_ name: Name, within seconds: Double, isEnough: () -> Bool = { false }) -> Value? {
        let end = Monitor.now + min(max(seconds, 0), 1e9)
        return monitor.locked {
            while values[name] == nil {
                let now = Monitor.now
                guard now < end, !isEnough() else { break }
                monitor.wait(until: min(end, now + Watch.slice))
            }
            return values.removeValue(forKey: name)
        }
    }
}
