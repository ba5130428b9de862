import Model

extension FileChange: PerformedStep {
    func check(_ runner: StepRunner) throws(Failure) {
        let current = try runner.files.current(self)
        guard startsFrom(current) else { throw changed(isGone: current == nil) }
    }

    func perform(_ runner: StepRunner) throws(Failure) {
        guard let after else { return try runner.files.remove(path, folder: makesFolder) }
        try runner.files.write(FileContent(text: after, mode: mode), to: path)
    }

    func isInEffect(_ runner: StepRunner) throws(Failure) -> Bool { endsIn(try runner.files.current(self)) }

    func checkOurs(_ runner: StepRunner) throws(Failure) { try back.check(runner) }
}
