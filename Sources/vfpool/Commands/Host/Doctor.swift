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
            Checks everything that a guest on a pool needs, from the firmware to the guest's own document. Each check \
            has a name that never changes, and a result: PASS; ? (not checked: not root, or another host); NOTE (worth \
            knowing); WARN (works now, likely to fail later); FAIL (something does not work, or the next start or boot \
            will fail). Where something can be done, the command for it is shown. Changes nothing. Exits with 2 if \
            anything failed.

            With `--hosts` it also makes the checks that only a fleet can make: one MAC or running guest on two hosts, \
            pools of one name that differ, and which host can't be emptied because its guests find no free VF elsewhere.

            Examples:
              $ vfpool doctor
              One PF with its pools and their guests; a pool; a guest:
                $ vfpool doctor eth3
              Show problems only:
                $ vfpool doctor --problems
              Many hosts, and what is wrong between them:
                $ vfpool doctor --hosts 'kvm[1-40]' --problems
              For a monitoring system:
                $ vfpool doctor --format json | jq -r '.checks[] | select(.verdict == "fail") | .check'
            """)

    @Argument(help: "A PF (netdev, PCI address or MAC), a pool, or a guest.", completion: Completion.anything)
    var name: Name?

    @Flag(help: "Leave out what passed.")
    var problems = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Fleet") var fleet: FleetOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func execute(_ output: Output) throws(Failure) -> Int32 {
        if let fleet = try FleetRead(fleet, connection, output) {
            let named = FleetCommand(
                name: "doctor", options: problems ? ["--problems"] : [], arguments: name.map { [$0] } ?? [])
            // What is between the hosts is about all of them.
            return try fleet.run([named, FleetCommand(name: "status")], FleetDoctor(problemsOnly: problems))
        }
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
