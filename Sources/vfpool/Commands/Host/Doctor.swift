import ArgumentParser
import Journal
import Model
import Reading
import Reporting
import Text

struct Doctor: Command {
    static let configuration = CommandConfiguration(
        abstract: "Check the host, its PFs, pools and guests",
        discussion: """
            Looks at everything that a guest on a pool needs, from the firmware to the guest's own document, and says of \
            each thing how it stands: PASS; ? (it can't be told from here: not root, or another host); NOTE; WARN (it \
            works, but will bite some day); FAIL (something does not work, or the next start or boot will show it). \
            Each has a name that does not change, and where something can be done, the command that does it. Changes \
            nothing. Exits with 2 if anything failed.

            Examples:
              $ vfpool doctor
              One PF with its pools and their guests; a pool; a guest:
                $ vfpool doctor eth3
              Only what is not well:
                $ vfpool doctor --problems
              For a monitoring system:
                $ vfpool doctor --format json | jq -r '.checks[] | select(.verdict == "fail") | .check'
            """)

    @Argument(help: "A PF (netdev, PCI address or MAC), a pool, or a guest.", completion: Completion.anything)
    var name: Name?

    @Flag(help: "Leave out what passed.")
    var problems = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func execute(_ output: Output) throws(Failure) -> Int32 {
        let host = try Host.open(connection.uri, readOnly: true, timeout: connection.patience)
        output.verbose("connected to \(host.uri), read-only")
        let diagnosis = try diagnosis(host, try OneRead.state(host, output))
        return try DoctorView.show(diagnosis, problemsOnly: problems, output) { shown in
            diagnosis.json(shown)
        }
    }

    private func diagnosis(_ host: Host, _ state: State) throws(Failure) -> Diagnosis {
        let facts = host.facts(state, stateFolder: StateFolder.standard(Terminal.environment))
        do throws(Failure) {
            return try Diagnosis(state, facts, named: name)
        } catch {
            // A netdev that can't be split is no PF of the report, but a person may well ask why not.
            guard let name, let reason = refusal(of: name, host, state) else { throw error }
            return Diagnosis(uri: state.uri, notCapable: reason)
        }
    }

    private func refusal(of name: Name, _ host: Host, _ state: State) -> Failure? {
        do throws(Failure) {
            _ = try host.pf(name.string, in: state)
            return nil
        } catch {
            return [.notCapable, .isVirtualFunction, .isRepresentor].contains(error.code) ? error : nil
        }
    }
}
