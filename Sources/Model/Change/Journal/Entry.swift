/// One change in the journal: who asked for what, which steps it took, how far it came.
package struct Entry: Sendable {
    package var header: EntryHeader
    package var steps: [StepRecord]
    package var progress: [ProgressRecord]
    /// The file that tells how far it came is gone or damaged: then any of its steps may be in place.
    package var isProgressLost = false

    package init(header: EntryHeader, steps: [StepRecord], progress: [ProgressRecord], isProgressLost: Bool = false) {
        self.header = header
        self.steps = steps
        self.progress = progress
        self.isProgressLost = isProgressLost
    }

    package var id: String { header.id }

    /// How it ended; `unfinished` where no closing line was written.
    package var result: ChangeResult { progress.lazy.compactMap(\.result).last ?? .unfinished }

    /// Steps that were begun and not put back: what an undo has to look at.
    package var stepsInPlace: [StepRecord] {
        let begun =
            isProgressLost && result != .reverted
            ? Set(steps.map(\.number))
            : Set(progress.filter { $0.event == .starting || $0.event == .finished }.compactMap(\.step))
        let reverted = Set(progress.filter { $0.event == .reverted }.compactMap(\.step))
        return steps.filter { begun.contains($0.number) && !reverted.contains($0.number) }
    }

    /// Steps that libvirt was asked for and were not seen to take effect before the connection was lost: they may since.
    package var possibleSteps: [StepRecord] {
        let possible = Set(progress.filter { $0.event == .possible }.compactMap(\.step))
        return possible.isEmpty ? [] : stepsInPlace.filter { possible.contains($0.number) }
    }

    /// Steps known to be complete.
    package var finishedSteps: Int { Set(progress.filter { $0.event == .finished }.compactMap(\.step)).count }

    /// What went wrong, in the words that were printed then.
    package var failureMessage: String? { progress.last { $0.event == .complete }?.message }

    package var failureCode: String? { progress.last { $0.event == .complete }?.error }
}

/// The first page of an entry, written once, before the first step.
package struct EntryHeader: Sendable, Codable, Equatable {
    /// Grows when fields change their meaning; fields are added without. In the second, documents may stand in one file together.
    package static let currentVersion = 2
    /// Of a change whose documents are in files of their own: every vfpool can read that.
    package static let lowestVersion = 1

    package var version: Int
    /// `20261122-160612-042-17`: when it began, in UTC, and its number.
    package var id: String
    /// The how many-th change of the journal it is, from 1; earlier vfpools counted none.
    package var sequence: Int?
    /// When it began, ISO 8601 with zone.
    package var time: String
    /// The command line, as typed.
    package var command: [String]
    package var user: String
    package var uri: String
    /// The host that the URI led to; earlier vfpools did not ask.
    package var host: HostIdentity?
    package var process: Int32
    /// The change that this one takes back.
    package var undoes: String?
    /// What a migration was asked for, so that it can go on.
    package var migration: MigrateRequest?
    /// The change that this one goes on with.
    package var resumes: String?
    package var steps: [StepRecord]

    package init(
        version: Int, id: String, sequence: Int? = nil, time: String, command: [String], user: String, uri: String,
        host: HostIdentity? = nil, process: Int32, undoes: String? = nil, migration: MigrateRequest? = nil,
        resumes: String? = nil, steps: [StepRecord]
    ) {
        self.version = version
        self.id = id
        self.sequence = sequence
        self.time = time
        self.command = command
        self.user = user
        self.uri = uri
        self.host = host
        self.process = process
        self.undoes = undoes
        self.migration = migration
        self.resumes = resumes
        self.steps = steps
    }
}

/// One line of an entry's progress.
package struct ProgressRecord: Sendable, Codable, Equatable {
    package enum Event: String, Sendable, Codable { case starting, finished, reverted, possible, complete }

    package var event: Event
    package var step: Int?
    package var time: String
    package var result: ChangeResult?
    package var error: String?
    package var message: String?

    package init(
        event: Event, step: Int? = nil, time: String, result: ChangeResult? = nil, error: String? = nil,
        message: String? = nil
    ) {
        self.event = event
        self.step = step
        self.time = time
        self.result = result
        self.error = error
        self.message = message
    }
}
