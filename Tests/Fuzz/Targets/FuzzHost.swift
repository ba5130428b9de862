import Applying
import Model
import Planning
import TestSupport
import Text

/// The host that documents are fuzzed on: a PF with four VFs, a pool of it that vfpool made, and whatever is fuzzed.
enum FuzzHost {
    static let poolUUID = "44444444-2222-4333-8444-000000000001"

    static let pooled: PretendHost = {
        do {
            var host = try PretendHost([PretendPF("eth3", vfs: 4)])
            let plan = try CreatePlanner.plan(
                host.state(), CreateRequest(pfs: [host.pf("eth3")], uuid: poolUUID))
            let hypervisor = FaultyHypervisor(host)
            try Applier(hypervisor, record: MemoryRecord()).apply(plan)
            host = hypervisor.host
            return host
        } catch {
            fatalError("no host to fuzz on: \(error)")
        }
    }()

    static let state: State = {
        do { return try pooled.state() } catch { fatalError("no host to fuzz on: \(error)") }
    }()

    /// Runs what may refuse, and lets nothing through but a refusal in words.
    ///
    /// - Returns: nil where it refuses.
    static func asked<Result>(_ body: () throws -> Result) throws -> Result? {
        do {
            return try body()
        } catch let failure as Failure {
            try require(!failure.message.isEmpty, "a refusal without words")
            return nil
        } catch {
            throw error as? Broken ?? Broken("it fails without a refusal: \(error)")
        }
    }
}
