import ArgumentParser
import Testing
import Text

@testable import vfpool

/// What is typed, as commands have it.
@Suite struct ArgumentTests {
    /// Hints name one promise each, so people give the option again and again.
    @Test(arguments: [["--drop", "link,port"], ["--drop", "link", "--drop", "port"]])
    func whatIsDropped(_ words: [String]) throws {
        #expect(try Bind.parse(["vm1"] + words).drop.flatMap(\.names) == ["link", "port"])
        #expect(try Unbind.parse(["vm1"] + words).drop.flatMap(\.names) == ["link", "port"])
        #expect(try Migrate.parse(["vm1"] + words).drop.flatMap(\.names) == ["link", "port"])
    }
}
