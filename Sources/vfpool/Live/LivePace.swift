import Glibc

/// How often a host is read again, so that reading takes little of a core however many VFs there are.
struct LivePace {
    /// When something began: by the clock, and by what this process has taken of the processor.
    struct Moment {
        var time = LiveHost.now
        var processor = LivePace.processor
    }

    /// Seconds until the next reading where nothing is heard of: not everything has an event, as settings of VFs.
    private static let patience = 30.0...300.0
    /// The share of a core that reading may take: where nothing happens, and where something does all the time.
    private static let share = (idle: 0.002, busy: 0.2)

    private var start = 0.0
    private var cost = 0.0

    /// A reading has ended. It is as of its start: what happened since is seen the next time.
    mutating func note(_ start: Moment, processor: Double = Self.processor) {
        self.start = start.time
        cost = processor - start.processor
    }

    /// - Parameter isStale: whether something happened since.
    func next(isStale: Bool) -> Double {
        if isStale { return start + cost / Self.share.busy }
        return start + min(max(cost / Self.share.idle, Self.patience.lowerBound), Self.patience.upperBound)
    }

    private static var processor: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
