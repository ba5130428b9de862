import Model
import Reporting
import SRIOV
import TestSupport
import Testing
import Text

@testable import vfpool

/// Rates of VFs, and what is different between two looks at a host.
@Suite struct LiveTests {
    private static func host() throws -> PretendHost {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.addPoolByHand("pool", pf: "eth3")
        try host.addGuest("vm1", [.network("pool"), .network("pool")], running: true)
        try host.addGuest("vm2", [.network("pool")])
        return host
    }

    private static func counters(_ bytes: [UInt64?]) -> [PCIAddress: [Int: VFCounters]] {
        let rows = bytes.enumerated().map { index, bytes in
            (
                index,
                VFCounters(
                    receivedBytes: bytes, receivedPackets: bytes.map { $0 / 10 }, receivedDropped: bytes.map { _ in 0 },
                    transmittedDropped: bytes.map { $0 % 3 })
            )
        }
        return [PCIAddress(bus: 3, slot: 0, function: 0): Dictionary(rows) { first, _ in first }]
    }

    private static func traffic(_ old: [UInt64?], _ new: [UInt64?], seconds: Double = 2) throws -> Traffic {
        Traffic(
            Report(try host().state()).pfs, from: Traffic.Sample(time: 10, counters: counters(old)),
            to: Traffic.Sample(time: 10 + seconds, counters: counters(new)))
    }

    @Test func aRateIsOfASecond() throws {
        let traffic = try Self.traffic([100, 0, 5, .max - 1], [2100, 10, 5, .max])
        #expect(traffic.rows.map(\.rate.receivedBytes) == [1000, 5, 0, 0.5])
        #expect(traffic.rows.map(\.guest) == ["vm1", "vm1", nil, nil])
        #expect(traffic.sorted(.rx).map(\.index) == [0, 1, 3, 2])
        #expect(traffic.guests.map(\.vfs) == [2] && traffic.guests[0].rate.receivedBytes == 1005)
        // 100 leaves 1 and 2100 leaves 0: that of what was sent began anew. Of both it is known for the VF after it.
        #expect(traffic.rows[0].rate.dropped == nil && traffic.rows[0].rate.transmittedBytes == nil)
        #expect(traffic.rows[1].rate.dropped == 0.5)
    }

    /// Who causes the traffic stands first, with all its VFs.
    @Test func sumsAreSortedToo() throws {
        var traffic = try Self.traffic([0, 0, 0, 0], [10, 20, 70, 0])
        traffic.rows[2].use = .outside
        traffic.rows[2].guest = "zz"
        #expect(traffic.guests(.rx).map(\.guest) == ["zz", "vm1"])
        #expect(traffic.guests(.guest).map(\.guest) == ["vm1", "zz"] && traffic.guests(.vf) == traffic.guests)
        #expect(traffic.guests(.tx).map(\.guest) == ["vm1", "zz"], "what is not known of all is by name")
        traffic.rows[0].rate.receivedBytes = nil
        #expect(traffic.guests(.rx).map(\.guest) == ["zz", "vm1"])
    }

    /// What is not known, begins anew or came just now has no rate, and no sum has one that it is a part of.
    @Test func whatIsNotKnownIsNoZero() throws {
        let traffic = try Self.traffic([100, 500, nil], [200, 400, 7, 8])
        #expect(traffic.rows.map(\.rate.receivedBytes) == [50, nil, nil, nil])
        #expect(traffic.guests[0].rate.receivedBytes == nil)
        #expect(traffic.sorted(.rx).map(\.index) == [0, 1, 2, 3], "what is not known stands last")
        let text = TopView.table(traffic.rows, .plain, width: nil)
        #expect(text.split(byte: "\n")[3].contains("—") && !text.split(byte: "\n")[3].contains(" 0"), "\(text)")
        #expect(
            try Self.traffic([1, 1, 1, 1], [2, 2, 2, 2], seconds: 0).rows.allSatisfy { $0.rate == Traffic.Rate() })
    }

    @Test(arguments: [
        (0, "0"), (999.4, "999"), (999.5, "1.0k"), (1234, "1.2k"), (999_949, "999.9k"), (999_960, "1.0M"),
        (12_345_678, "12.3M"), (9e12, "9000.0G"),
    ]) func numbersAreShort(value: Double, text: String) { #expect(TopView.short(value) == text) }

    @Test func aTableFitsTheTerminal() throws {
        let traffic = try Self.traffic([1, 1, 1, 1], [2, 2, 2, 2])
        for width in [80, 60, 40] {
            let lines = TopView.table(traffic.rows, .plain, width: width).split(byte: "\n")
            #expect(
                lines.count == 5 && lines.allSatisfy { TextWidth.letters(String($0)) <= max(width, 44) }, "\(lines)")
        }
        // Letters that take two places leave the figures where they are.
        var wide = traffic
        wide.rows[0].guest = "日本語のゲスト名前がとても長い"
        wide.rows[1].guest = "e\u{0301}e\u{0301}"
        for width in [80, 48, nil] {
            let lines = TopView.table(wide.rows, .plain, width: width).split(byte: "\n").map(String.init)
            #expect(Set(lines.map { TextWidth.letters($0) }).count == 1, "\(lines)")
            #expect(lines.allSatisfy { TextWidth.letters($0) <= width ?? .max }, "\(lines)")
        }
        #expect(TopView.cut("\u{1B}[1mabcdef\u{1B}[0m", letters: 4) == "\u{1B}[1mabcd\u{1B}[0m")
        #expect(TopView.cut("\u{1B}[1mabcd\u{1B}[0m", letters: 4) == "\u{1B}[1mabcd\u{1B}[0m")
        #expect(TopView.cut("abcdef", letters: 4) == "abcd" && TopView.cut("ab漢字", letters: 5) == "ab漢")
    }

    /// No more lines than there is room for, and those that are not seen are not made.
    @Test func whatIsSeenOfATable() {
        func lines(_ rows: [String], _ most: Int) -> [String] {
            TopView.fitted(rows, lines: most) { shown in
                #expect(shown.count <= max(1, most - 1))
                return shown.isEmpty ? "" : (["HEAD"] + shown).map { $0 + "\n" }.joined()
            }
        }
        #expect(lines(["a", "b", "c"], 4) == ["HEAD", "a", "b", "c"])
        #expect(lines(["a", "b", "c", "d"], 4) == ["HEAD", "a", "b", "… 2 more"])
        #expect(lines(["a", "b"], 2) == ["HEAD", "… 2 more"])
        #expect(lines(["a", "b"], 1) == ["HEAD"])
        #expect(lines(["a"], 1) == ["HEAD"])
        #expect(lines(["a"], 2) == ["HEAD", "a"])
        #expect(lines([], 4).isEmpty)
    }

    /// Of a core: next to nothing where nothing happens, not much where something does all the time.
    @Test(arguments: [
        (0.01, 0.05, 30.0), (0.05, 0.25, 30.0), (0.1, 0.5, 50.0), (0.5, 2.5, 250.0), (2, 10, 300),
    ]) func howOftenAHostIsRead(cost: Double, busy: Double, idle: Double) {
        var pace = LivePace()
        pace.note(LivePace.Moment(time: 100, processor: 7), processor: 7 + cost)
        #expect(abs(pace.next(isStale: true) - 100 - busy) < 0.001)
        #expect(abs(pace.next(isStale: false) - 100 - idle) < 0.001)
    }

    // MARK: Changes

    private static func changes(_ change: (inout PretendHost) throws -> Void) throws -> [HostChange] {
        var host = try host()
        let before = Report(try host.state())
        #expect(HostChanges.between(before, before).isEmpty)
        try change(&host)
        return HostChanges.between(before, Report(try host.state()))
    }

    @Test func whoGetsAVF() throws {
        let changes = try Self.changes { try $0.startGuest("vm2") }
        let holder = try #require(changes.first { $0.what == "holder" })
        #expect(holder.message == "VF 2 of eth3: free → vm2")
        #expect(holder.pool == "pool" && holder.guest == "vm2" && holder.vf == 2 && holder.address == "0000:03:10.4")
        #expect(changes.contains { $0.kind == .guest && $0.what == "started" && $0.message == "guest vm2 started" })
        #expect(!changes.contains { $0.kind == .interface }, "a start is said of the guest alone")
    }

    @Test func poolsComeAndGo() throws {
        let stopped = try Self.changes { try $0.stopNetwork("pool") }
        #expect(stopped.first?.message == "pool pool stopped" && stopped.first?.pool == "pool")
        let added = try Self.changes { try $0.addPoolByHand("other", functions: [("eth3", 3)]) }
        #expect(added.map(\.what).contains("added"))
    }

    @Test func interfacesAreToldApart() throws {
        let changes = try Self.changes { host in
            let guest = try host.guest("vm2")
            // Whichever quotes it has.
            host.guests[guest.uuid]?.persistent = guest.persistent?.replacing(
                /network=(['"])pool/, with: { "network=\($0.output.1)default" })
        }
        let one = try #require(changes.first)
        #expect(changes.count == 1 && one.kind == .interface && one.what == "next" && one.guest == "vm2")
        #expect(one.before == "pool pool" && one.after == "network default" && one.mac == PretendHost.mac(2, 0))
    }

    @Test func aLinkGoesDown() throws {
        let changes = try Self.changes { $0.pfs[0].isUp = false }
        #expect(changes.map(\.message) == ["PF eth3: up → down"] || changes.map(\.what) == ["link"], "\(changes)")
        let used = try Self.changes { $0.pfs[0].functions[3].hostUses = [.address("192.0.2.1/24")] }
        #expect(used.map(\.message) == ["VF 3 of eth3: free → host (address 192.0.2.1/24)"])
    }
}
