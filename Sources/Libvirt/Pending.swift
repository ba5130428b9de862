/// A result that one thread is to bring, and another waits for.
final class Pending<Value: Sendable>: @unchecked Sendable {
    private let monitor = Monitor()
    private var value: Value?
    /// Apart from the value: of one without bytes the compiler looks at bits that nobody has set to tell whether it is there.
    private var isBrought = false

    func bring(_ value: Value) {
        monitor.locked {
            self.value = value
            isBrought = true
            monitor.wake()
        }
    }

    /// Waits for it; nil when the watch has had enough.
    func wait(_ watch: Watch) -> Value? {
        var watch = watch
        return monitor.locked {
            var last = Monitor.now
            while !isBrought {
                monitor.wait(until: last + Watch.slice)
                let now = Monitor.now
                if !isBrought, watch.hasEnough(after: now - last) { return nil }
                last = now
            }
            return value
        }
    }
}
