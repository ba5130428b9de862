import FoundationEssentials
import Glibc
import Model
import Reporting
import Text

/// `top` on a terminal: draws, listens to keys, signals and the host, and leaves all as it was.
final class TopRun {
    private let live: LiveHost
    private let meter: TrafficMeter
    private let screen: LiveScreen
    private let interval: Double
    private let style: Style
    private var sort: Traffic.Order
    private var showsSums = false
    private var traffic: Traffic
    /// Newest last.
    private var events: [String] = []
    /// Since when libvirt does not answer: who has which VF is as of then.
    private var lost: String?
    private var isOver = false
    /// A signal that ends others, and this one once the terminal is as it was.
    private var ending: Int32?

    /// So many events stay on the screen.
    private static let mostEvents = 4

    init(
        _ live: LiveHost, _ meter: TrafficMeter, _ screen: LiveScreen, interval: Double, sort: Traffic.Order,
        _ output: Output
    ) {
        self.live = live
        self.meter = meter
        self.screen = screen
        self.interval = interval
        self.sort = sort
        style = output.dataStyle
        // Nothing is known before the second look.
        let now = Traffic.Sample(time: LiveHost.now, counters: [:])
        traffic = Traffic(live.report.pfs, from: now, to: now)
    }

    func run() -> Int32 {
        let signals = LiveSignals.hear()
        screen.enter()
        defer { screen.leave() }
        traffic = meter.measure()
        var next = LiveHost.now + interval
        draw()
        while !isOver {
            guard let ready = LiveWait.wait([signals, STDIN_FILENO] + live.descriptors, until: next) else { break }
            for descriptor in ready {
                switch descriptor {
                case signals: for number in LiveSignals.heard(signals) { hear(number) }
                case STDIN_FILENO: press(LiveScreen.keys())
                default: live.hear(descriptor)
                }
            }
            guard !isOver else { break }
            // What happens comes in swarms: it is looked at with the next figures, or at once where they are far off.
            if LiveHost.now >= next || next - LiveHost.now > 1 { note(live.look()) }
            if LiveHost.now >= next {
                traffic = meter.measure()
                next = max(next + interval, LiveHost.now)
            }
            draw()
        }
        screen.leave()
        if let ending { LiveSignals.passOn(ending) }
        return ExitStatus.done
    }

    private func hear(_ signal: Int32) {
        switch signal {
        case SIGINT: isOver = true
        case SIGTERM, SIGHUP:
            isOver = true
            ending = signal
        case SIGTSTP:
            screen.leave()
            kill(getpid(), SIGSTOP)
            screen.enter()
        // A resize, or a return: the frame is drawn in any case.
        default: break
        }
    }

    private func press(_ keys: [UInt8]) {
        // The terminal is gone.
        if keys.isEmpty { isOver = true }
        for key in keys {
            switch key {
            case UInt8(ascii: "q"), 4: isOver = true
            case UInt8(ascii: "r"): sort = .rx
            case UInt8(ascii: "t"): sort = .tx
            case UInt8(ascii: "g"): sort = .guest
            case UInt8(ascii: "v"): sort = .vf
            case UInt8(ascii: "s"): showsSums.toggle()
            default: break
            }
        }
    }

    private func note(_ news: LiveHost.News?) {
        guard let news else { return }
        let time = String(Timestamp.text(Date()).dropFirst(11).prefix(8))
        lost = live.isConnected ? nil : time
        let changes = [news.connection].compactMap(\.self) + news.changes.filter(\.isOfNote)
        events = (events + changes.map { "\(time)  \($0.message)" }).suffix(Self.mostEvents)
    }

    private func draw() {
        let size = screen.size
        let known = traffic.rows.count { $0.rate.receivedBytes != nil }
        let order = showsSums && sort == .vf ? Traffic.Order.guest : sort
        let since = lost.map { " no answer, guests as of \($0)" } ?? ""
        let head =
            "\(live.report.uri)\(since)  \(Words.count(traffic.rows.count, "VF")), \(known) counted  every \(seconds)  by \(order.rawValue)"
        let tail = events.map { TextWidth.cut($0.printable, letters: size.columns) }
        let keys = "q quit  r/t RX/TX  g guest  v VF  s sums"
        // The last lines are for what happens and for the keys; what is left is the table's.
        let room = max(1, size.rows - 2 - tail.count)
        let table =
            showsSums
            ? TopView.fitted(traffic.guests(sort), lines: room) { TopView.table($0, style, width: size.columns) }
            : TopView.fitted(traffic.sorted(sort), lines: room) { TopView.table($0, style, width: size.columns) }
        var lines = [style(.bold, TextWidth.cut(head.printable, letters: size.columns))]
        lines += (table.isEmpty ? ["no VF"] : table).map { TopView.cut($0, letters: size.columns) }
        lines += Array(repeating: "", count: max(0, room + 1 - lines.count)) + tail
        lines.append(style(.faint, TextWidth.cut(keys, letters: size.columns)))
        if !screen.draw(Array(lines.prefix(size.rows))) { isOver = true }
    }

    private var seconds: String {
        interval == interval.rounded() ? "\(Int(interval)) s" : "\(interval) s"
    }
}
