import Applying
import Journal
import Model
import Planning
import Reporting
import Synchronization
import TestSupport
import Testing
import Text

/// The one way of every change, with views that write down what they are asked for.
@Suite struct ChangeTests {
    /// What is to go wrong.
    enum Trouble: CaseIterable { case none, show, ask, driver, untried, step, conclude }

    private final class Views: ChangeViews {
        let hypervisor: FaultyHypervisor
        let trouble: Trouble
        let plan: Plan
        private let said = Mutex<[String]>([])

        init(_ host: PretendHost, _ plan: Plan, _ trouble: Trouble) {
            hypervisor = FaultyHypervisor(
                host, faults: trouble == .step ? [1: .before] : [:],
                answer: DriverAnswer(
                    refused: trouble == .driver ? [.trust: "no"] : [:], isUnknown: trouble == .untried))
            self.plan = plan
            self.trouble = trouble
        }

        var words: [String] { said.withLock { $0 } }

        private func say(_ word: String, _ trouble: Trouble) throws(Failure) {
            said.withLock { $0.append(word) }
            if self.trouble == trouble { throw Failure(.output, "trouble") }
        }

        func connect(again: Bool) -> Bool { again }
        func read(_ again: Bool) throws(Failure) -> State {
            said.withLock { $0.append(again ? "read again" : "read") }
            do { return try hypervisor.host.state() } catch { throw Failure(.libvirt, "\(error)") }
        }
        func uri(_ again: Bool) -> String { PretendHost.uri }
        func hypervisor(_ again: Bool) -> any Hypervisor { hypervisor }
        func propose(_ again: Bool, _ state: State) -> Proposal<String> {
            said.withLock { $0.append("plan") }
            return Proposal(plan: plan, words: "")
        }
        func upkeep(_ state: State) throws(Failure) -> Proposal<String> {
            Proposal(plan: Plan(try Upkeep.items(state)), words: "")
        }
        func show(_ proposal: Proposal<String>) throws(Failure) { try say("show", .show) }
        func ask(_ proposal: Proposal<String>) throws(Failure) { try say("ask", .ask) }
        func whileApplying<T>(_ plan: Plan, _ body: (ApplyingView) throws(Failure) -> T) throws(Failure) -> T {
            try body(
                ApplyingView(
                    isInterrupted: { false }, begins: { _ in self.said.withLock { $0.append("journal") } },
                    progress: { index, _ in self.said.withLock { $0.append("step \(index)") } }))
        }
        func couldNotTry(_ trial: SettingsTrial) { said.withLock { $0.append("untried") } }
        func conclude(_ proposal: Proposal<String>, _ id: String) throws(Failure) { try say("done", .conclude) }
        func concludeUpkeep(_ result: Result<(proposal: Proposal<String>, id: String), Failure>) {}
    }

    /// - Returns: what was said, the host afterwards, and what the journal has.
    private func run(
        _ trouble: Trouble
    ) throws -> (words: [String], failure: Failure?, isChanged: Bool, results: [ChangeResult]) {
        let world = try JournalledHost(PretendHost.pooled { try $0.addGuest("vm1", [.pin("eth3", 0)]) })
        let plan = try world.host.bind("vm1", settings: .of("trust=on"))
        let views = Views(world.host, plan, trouble)
        var failure: Failure?
        do throws(Failure) {
            try Change(world.journal, command: ["vfpool"], views).run()
        } catch {
            failure = error
        }
        let before = try world.host.state().guest(named: "vm1")
        let isChanged = try views.hypervisor.host.state().guest(named: "vm1") != before
        return (views.words, failure, isChanged, try LogReport(world.journal).changes.map(\.result))
    }

    @Test(arguments: Trouble.allCases) func oneWay(_ trouble: Trouble) throws {
        let (words, failure, isChanged, results) = try run(trouble)
        let (expected, code): ([String], Failure.Code?) =
            switch trouble {
            case .none: (["read", "plan", "show", "ask", "journal", "step 0", "done"], nil)
            // What could not be shown, or was not agreed to, is not done, nor written down.
            case .show: (["read", "plan", "show"], .output)
            case .ask: (["read", "plan", "show", "ask"], .output)
            case .driver: (["read", "plan", "show", "ask"], .settingRefused)
            // Whether the driver takes the settings isn't known then, and that is said.
            case .untried: (["read", "plan", "show", "ask", "untried", "journal", "step 0", "done"], nil)
            case .step: (["read", "plan", "show", "ask", "journal", "step 0"], .libvirt)
            case .conclude: (["read", "plan", "show", "ask", "journal", "step 0", "done"], .output)
            }
        #expect(words.filter { !$0.hasPrefix("step ") || $0 == "step 0" } == expected)
        #expect(failure?.code == code, "\(String(describing: failure))")
        #expect(isChanged == [.none, .untried, .conclude].contains(trouble))
        #expect(results == (isChanged ? [.done] : trouble == .step ? [.reverted] : []))
    }
}
