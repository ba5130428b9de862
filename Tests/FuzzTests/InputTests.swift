import FuzzTargets
import TestSupport
import Testing

/// The fuzzer's inputs without the fuzzer: what a find has shown stays mended.
@Suite(.timeLimit(.minutes(10))) struct InputTests {
    @Test(arguments: FuzzTargets.names) func whatHasToHoldDoes(_ name: String) throws {
        let target = try #require(FuzzTargets.target(name))
        let seeds = FuzzInputs.all("seeds", of: name)
        #expect(!seeds.isEmpty)
        for (path, input) in seeds {
            #expect(throws: Never.self, "\(path)") {
                let isAccepted = try target.run(input)
                #expect(isAccepted, "\(path) is refused")
            }
        }
        for (path, input) in FuzzInputs.all("finds", of: name) {
            let time = processorTime {
                #expect(throws: Never.self, "\(path)") { _ = try target.run(input) }
            }
            #expect(time < .seconds(10), "\(path)")
        }
    }

    /// Behind a refusal nothing is tried, so most of what mutation makes has to be accepted.
    @Test(arguments: FuzzTargets.names) func mostMutationsAreAccepted(_ name: String) throws {
        let target = try #require(FuzzTargets.target(name))
        var generator = SeededGenerator(seed: 1)
        var (count, accepted) = (0, 0)
        let seeds = FuzzInputs.all("seeds", of: name)
        for (path, seed) in seeds {
            for round in 0..<max(2, 60 / seeds.count) {
                // Also mutations of mutations, as the fuzzer makes them.
                var input = target.mutated(seed, &generator)
                if round % 2 == 1 { input = target.mutated(input, &generator) }
                #expect(throws: Never.self, "\(path), mutated: \(String(decoding: input, as: UTF8.self))") {
                    accepted += try target.run(input) ? 1 : 0
                }
                count += 1
            }
        }
        #expect(accepted * 2 > count, "\(accepted) of \(count)")
    }

    /// A property that can't break would be none: labels that are written as they are, and what is read of them.
    @Test func brokenLabelsAreSeen() throws {
        func values(_ written: String) throws -> [[UInt8]] {
            try ExpositionText.samples(Array("a{b=\"\(written)\"} 1\n".utf8), of: "a").flatMap {
                $0.labels.map(\.value)
            }
        }
        #expect(try values("x\\n\\\"\\\\") == [Array("x\n\"\\".utf8)])
        for written in ["x\ny", "x\"y", "x\\y", "x\\"] {
            #expect(throws: Broken.self, "\(written)") { try values(written) }
        }
    }
}
