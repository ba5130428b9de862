/// One who waits for answers, and at some time has had enough.
///
/// Time counts in slices, and none for more than it was meant to be: that this process was stopped, or its machine asleep,
/// is no silence of libvirt's.
struct Watch {
    /// How often is looked, in seconds.
    static let slice = 0.1
    /// Seconds without an answer that have to do when somebody wants to stop.
    static let hurry = 5.0
    /// Seconds then for what may well take longer while the daemon answers otherwise.
    static let longHurry = 30.0

    let patience: Patience
    /// On the monotonic clock: when it is enough, answers or not.
    var end: Double?
    /// Grows with every answer to whatever was asked.
    var answers: () -> Int = { 0 }
    /// Whether a person is being asked for something, such as a password: nobody else is waited for then.
    var isAsking: () -> Bool = { false }
    /// For what may well take long: asks something that is answered at once, if anybody is there.
    var inquire: (() -> Void)?

    private var silence = 0.0
    private var seen = 0
    private var hasInquired = false
    /// Seconds since somebody wants to stop.
    private var hurried: Double?

    init(_ patience: Patience, end: Double? = nil) {
        self.patience = patience
        self.end = end
    }

    /// - Parameter seconds: what has passed since it was asked last.
    mutating func hasEnough(after seconds: Double) -> Bool {
        let passed = min(seconds, 2 * Self.slice)
        let answers = answers()
        if answers != seen || isAsking() {
            seen = answers
            silence = 0
            hasInquired = false
        } else {
            silence += passed
        }
        if let waited = hurried {
            hurried = waited + passed
        } else if patience.isHurried() {
            hurried = 0
            silence = 0
            hasInquired = false
        }
        let limit = min(patience.seconds ?? .infinity, hurried == nil ? .infinity : Self.hurry)
        if let inquire, !hasInquired, silence >= limit / 2 {
            hasInquired = true
            inquire()
        }
        if silence >= limit || (hurried ?? 0) >= Self.longHurry { return true }
        return end.map { Monitor.now >= $0 } ?? false
    }
}
