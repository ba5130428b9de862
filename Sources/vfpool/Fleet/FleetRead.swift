import Fleet
import Glibc
import Libvirt
import Model
import Text

/// The one path of every command that asks many hosts: a child process for each, a copy of this one, 32 at once.
struct FleetRead {
    /// Seconds for a host, unless `--timeout` says otherwise.
    private static let usualTime = 15.0

    let list: HostList
    private let seconds: Double?
    private let output: Output

    /// - Returns: nil without `--hosts`.
    init?(_ options: FleetOptions, _ connection: ConnectionOptions, _ output: Output) throws(Failure) {
        guard let argument = options.hosts else { return nil }
        guard connection.uri == nil else {
            throw Failure(
                .usage, "--hosts and --connect do not go together", hints: ["a URI may stand in the list of --hosts"])
        }
        list = try HostsArgument.list(argument)
        let time = connection.timeout?.value ?? Self.usualTime
        seconds = time > 0 ? time : nil
        self.output = output
        if !list.doubles.isEmpty {
            output.note("named more than once, and asked once: \(FleetNames.words(list.doubles))")
        }
    }

    /// Asks all hosts and prints what they say.
    ///
    /// - Parameter commands: what each is asked: words of a command line, without options of connection and output, then its arguments.
    /// - Returns: the exit status.
    func run(_ commands: [FleetCommand], _ view: some FleetView) throws(Failure) -> Int32 {
        var view = view
        var problems = FleetProblems()
        var document = FleetDocument(output)
        let progress = FleetProgress(list.hosts.count, output)
        let (format, fields) = (output.format, view.fields(output.format))
        let isText = view.isText && format == .table
        var answered: Set<Int> = []
        let outcome = children.run(
            list.hosts.map { host in
                commands.map { $0.words(host.uri, seconds, isText: isText, isQuiet: output.isQuiet) }
            }, isWell: HostAnswer.isWell
        ) { index, ends in
            let host = list.hosts[index]
            let problem = add(host, ends, to: &view, fields)
            if let problem {
                problems.add(host, problem)
                view.miss(host, problem)
            } else {
                answered.insert(index)
            }
            if format == .json { document.add(index, host, problem, ends.first?.output ?? []) }
            output.verbose("\(host.name): \(problem?.message ?? "answered")")
            progress.show()
        }
        progress.clear()
        if case .interrupted(let number) = outcome {
            // As without these children.
            raise(number)
            return 128 + number
        }
        let (whole, missing) = (
            list.hosts.indices.filter(answered.contains), list.hosts.indices.filter { !answered.contains($0) }
        )
        view.finish(whole.map { list.hosts[$0].name }, missing: missing.map { list.hosts[$0].name })
        if format == .json {
            try document.end(view.json)
        } else {
            try view.show(output)
            problems.show(output, order: list.hosts.map(\.name))
        }
        return problems.status(answered: whole.count) ?? view.status
    }

    private var children: Children {
        // Loaded once, here, instead of by every child: half of the processor time that a child needs.
        _ = Connection.clientVersion
        var children = Children(
            .own { words in
                // Whatever ssh wants to know, there is nobody to tell it 32 times at once.
                setenv("SSH_ASKPASS_REQUIRE", "never", 1)
                setenv("SSH_ASKPASS", "/bin/false", 1)
                Output.answerVFPool()
                return VFPool.status(Array(words.dropFirst()))
            })
        children.seconds = seconds
        return children
    }

    /// - Returns: why the host gave no answer.
    private func add(
        _ host: FleetHost, _ ends: [ChildEnd], to view: inout some FleetView, _ fields: Set<Name>
    ) -> HostProblem? {
        var documents: [JSONValue] = []
        do throws(HostProblem) {
            for (index, end) in ends.enumerated() {
                documents.append(
                    view.isText && output.format == .table
                        ? try HostAnswer.text(end, of: host, seconds: seconds)
                        : try HostAnswer.document(
                            end, of: host, list: index == 0 ? view.list : "pools", fields: fields, seconds: seconds))
            }
        } catch {
            return error
        }
        view.add(host, documents)
        return nil
    }
}
