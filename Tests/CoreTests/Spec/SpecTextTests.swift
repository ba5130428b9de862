import FoundationEssentials
import Model
import SRIOV
import Spec
import TestSupport
import Testing
import Text

/// What a spec's text says, and what is said of one that can't be read.
@Suite struct SpecTextTests {
    private static func failure(_ text: String) -> Failure? {
        do throws(Failure) {
            _ = try SpecText(Array(text.utf8), name: "kvm7.yaml").spec()
            return nil
        } catch {
            return error
        }
    }

    @Test(
        arguments: [
            (
                "version: 1\npools:\n  t:\n    vlna: 7", "kvm7.yaml:4:5: there is no key vlna in a pool",
                "did you mean vlan?"
            ),
            ("version: 1\npool: {}", "kvm7.yaml:2:1: there is no key pool in a spec", "did you mean pools?"),
            (
                "version: 1\npools: {t: {settings: {maxrate: 1}}}",
                "kvm7.yaml:2:24: there is no key maxrate in settings", "did you mean maxRate?"
            ),
            ("version: 2", "kvm7.yaml:1:10: version has to be 1, not 2", "a later vfpool may know more versions"),
            ("pools: {}", "kvm7.yaml: it does not say which version of specs it is", "begin with: version: 1"),
            ("", "kvm7.yaml: there is nothing in it", "print one of what is here: `vfpool export`"),
            (
                "version: 1\npfs: {eth3: {vfs: 08}}",
                "kvm7.yaml:2:19: vfs has to be a number without zeros before it, not 08", nil
            ),
            ("version: 1\npfs: {eth3: {vfs: 8.0}}", "kvm7.yaml:2:19: vfs has to be a number, not 8.0", nil),
            ("version: 1\npfs: {eth3: {vfs: 70000}}", "kvm7.yaml:2:19: vfs has to be from 0 to 65535, not 70000", nil),
            ("version: 1\npfs: {eth3: {boot: maybe}}", "kvm7.yaml:2:20: boot has to be true or false, not maybe", nil),
            (
                "version: 1\npfs: {eth3: {boot: [true]}}",
                "kvm7.yaml:2:20: boot has to be one value, not a list or map", nil
            ),
            ("version: 1\npfs: {eth3: {vfs: }}", "kvm7.yaml:2:19: vfs has no value", nil),
            ("version: 1\npools: {t: {vlan: 4095}}", "kvm7.yaml:2:19: vlan has to be from 1 to 4094, not 4095", nil),
            (
                "version: 1\npools: {t: {vfs: 7-4}}",
                "kvm7.yaml:2:18: vfs has to be VFs by number, such as 4-7,9, not 7-4", nil
            ),
            ("version: 1\npools: [t]", "kvm7.yaml:2:8: pools has to be a map of keys and values", nil),
            ("version: 1\npools: {t: {pf: [a, a]}}", "kvm7.yaml:2:21: PF a is named twice", nil),
            (
                "version: 1\npools: {t: {order: some}}",
                "kvm7.yaml:2:20: order has to be interleaved, numa or listed, not some", nil
            ),
            (
                "version: 1\npools: {t: {portgroups: {a: {default: on}, b: {default: on}}}}",
                "kvm7.yaml:2:25: more than one portgroup of pool t is the default", nil
            ),
            (
                "version: 1\nguests: {vm1: {mac: x}}", "kvm7.yaml:2:15: a guest has to be a list of interfaces",
                "each begins with a hyphen: - {mac: MAC, pool: POOL}"
            ),
            (
                "version: 1\nguests: {vm1: [{pool: t}]}",
                "kvm7.yaml:2:16: an interface is known by its MAC, which is missing", nil
            ),
            (
                "version: 1\nguests: {vm1: [{mac: 52:54:00:00:00:01}]}",
                "kvm7.yaml:2:16: which pool the interface is on, is missing", nil
            ),
            (
                "version: 1\nguests: {vm1: [{mac: zz, pool: t}]}",
                "kvm7.yaml:2:22: mac has to be a MAC address, not zz", nil
            ),
            (
                "version: 1\nguests: {vm1: [{mac: \"01:00:5e:00:00:01\", pool: t}]}",
                "kvm7.yaml:2:22: mac has to be the MAC address of one interface, not 01:00:5e:00:00:01", nil
            ),
            (
                "version: 1\npools: {t: {pf: \"eth3\\x01\"}}",
                "kvm7.yaml:2:17: pf has to be a name, without control characters, not eth3\u{1}", nil
            ),
            (
                "version: 1\npools: {\"t\\0\": {pf: eth3}}",
                "kvm7.yaml:2:9: the name of a pool has a control character", nil
            ),
            ("version: 1\nnotes: x", "kvm7.yaml:2:8: notes has to be a list of texts", nil),
            ("version: 1\nversion: 1", "kvm7.yaml:2:1: the key version is there twice, first in line 1", nil),
            ("version: 1\npools: &a {}", "kvm7.yaml:2:8: anchors (`&name`) are not allowed here", nil),
            (
                "version: 1\npools:\n\tt: {}",
                "kvm7.yaml:3:1: the line is indented by a tab, which YAML does not allow: use blanks", nil
            ),
        ] as [(String, String, String?)])
    func refuses(_ text: String, _ message: String, _ hint: String?) {
        let failure = Self.failure(text)
        #expect(failure?.code == .badSpec)
        #expect(failure?.message == message)
        #expect(failure?.hints.first?.text == hint)
    }

    @Test func oneMACTwice() {
        let text = """
            version: 1
            guests:
              a: [{mac: 52-54-00-AB-00-01, pool: t}]
              b:
                - {mac: 5254.00ab.0001, pool: t}
            """
        #expect(
            Self.failure(text)?.message == "kvm7.yaml:5:13: MAC 52:54:00:ab:00:01 is there twice: guest a and guest b")
    }

    /// The line itself, with a caret below what is meant; of one that is too long, the part around it.
    @Test func showsTheLine() {
        #expect(Self.failure("version: 1\npools:\n\tt: {}")?.cause == "in this line\n t: {}\n^")
        #expect(
            Self.failure("version: 1\npools:\n  tënants:\n    vlna: 7  # x\r\n")?.cause
                == "in this line\n    vlna: 7  # x\n    ^^^^")
        #expect(
            Self.failure("version: 1\npools: {tënants: {vlna: 7}}")?.cause?.hasSuffix("\n                  ^^^^")
                ?? false)
        let many = (0..<50_000).map { "é\($0): {}, " }.joined()
        let long = Self.failure("version: 1\npools: {" + many + "b: {vlna: 7}}")
        let lines = (long?.cause ?? "").split(separator: "\n")
        #expect(lines.count == 3 && lines.allSatisfy { $0.count <= 102 }, "\(lines)")
        #expect(lines.last.map { $0.count } == 55, "\(lines)")
    }

    @Test func nothingSaidIsNotNone() throws {
        let spec = try SpecText(
            Array("version: 1\npools: {a: {}, b: {}, c: {vlan: null, settings: {trust: default, maxRate: null}}}".utf8),
            name: "-"
        ).spec()
        #expect(spec.pools.map(\.vlan) == [.nothing, .nothing, .none])
        #expect(spec.pools[2].settings.removed == [.trust, .maxRate])
    }

    @Test func severalFilesAreOne() throws {
        func spec(_ text: String, _ name: String) throws -> HostSpec {
            try SpecText(Array("version: 1\n\(text)".utf8), name: name).spec()
        }
        let one = try spec("pools: {a: {}}", "1.yaml")
        #expect(try one.merged(with: spec("pools: {b: {}}\nhost: x", "2.yaml")).pools.map(\.name) == ["a", "b"])
        let failure = #expect(throws: Failure.self) {
            try one.merged(with: spec("guests: {}\npools: {a: {}}", "2.yaml"))
        }
        #expect(failure?.message == "2.yaml:3:9: pool a is in two files")
        #expect(failure?.cause == "first at 1.yaml:2\npools: {a: {}}\n        ^")
    }

    // MARK: Writing

    private static let names: [Name] = [
        "a", "vm 1", "on", "null", "010", "52:54:00:00:00:01", "a: b", "-", "#", "e\u{301}", "é",
        "\u{85}\u{2028}\u{202E}", "a\tb\r",
        "\"\\", "{a}", "a,b", "\u{1F600}", "~", "?", "x:", "'", "\n", "\u{FEFF}",
    ]

    /// Whatever things are called, what is written is read as the same.
    @Test(arguments: names) func writesWhatReadsTheSame(_ name: Name) throws {
        var pool = PoolSpec(name)
        pool.pfs = [
            PoolSpec.PF(name, title: name),
            PoolSpec.PF("b", selection: VFSelection(included: IndexSet([1, 3]), excluded: IndexSet([3]))),
        ]
        pool.selection = .all
        pool.order = .numa
        pool.vlan = .value(.tag(7))
        pool.autostart = false
        pool.active = true
        pool.driverModel = .none
        pool.iommufd = .value(true)
        pool.isManaged = false
        pool.settings.wanted.trust = true
        pool.settings.wanted.linkState = .auto
        pool.settings.removed = [.maxRate]
        var group = PoolSpec.Group(name)
        group.vlan = .none
        group.isDefault = true
        group.settings.wanted.vlanProtocol = VLANProtocol(rawValue: "802.1ad")
        var trunk = PoolSpec.Group("trunk")
        trunk.vlan = .value(.trunk(VLANTrunk([.init(4), .init(5, nativeMode: "untagged")])))
        var gone = PoolSpec.Group("gone")
        gone.isRemoved = true
        pool.portgroups = [group, trunk, gone]
        pool.saysPortgroups = true
        var interface = GuestSpec.Interface(try #require(MACAddress("52:54:00:00:00:01")), pool: name)
        interface.portgroup = .value(name)
        interface.vlan = .none
        interface.failover = .value(name)
        interface.settings.wanted.maxRate = 0
        let spec = HostSpec(
            host: name, pfs: [PFSpec(name, vfs: 0, boot: true, hostDriver: false)], pools: [pool],
            guests: [GuestSpec(name, [interface]), GuestSpec("none")])
        #expect(try SpecText(Array(spec.yaml.utf8), name: "-").spec().plain == spec.plain, "\(spec.yaml)")
    }

    /// A pool of which no PF is said: an empty list would be refused.
    @Test func aPoolWithoutAPF() throws {
        let spec = HostSpec(pools: [PoolSpec("a")])
        let json = String(decoding: try JSONEncoder().encode(spec), as: UTF8.self)
        let text = "{\"version\":1," + json.dropFirst()
        #expect(try SpecText(Array(text.utf8), name: "-").spec().plain == spec, "\(text)")
        #expect(try SpecText(Array(spec.yaml.utf8), name: "-").spec().plain == spec)
    }

    // MARK: The schema

    /// What the reader takes and what it refuses, of a list to which `Tests/Docs/spec` holds the schema.
    @Test func takesWhatTheSchemaTakes() throws {
        struct Specs: Decodable { var accepted, refused: [String] }
        let tests = #filePath.split(byte: "/").dropLast(3).joined(separator: "/")
        let file = try String(contentsOfFile: "/\(tests)/Fixtures/specs.json", encoding: .utf8)
        let specs = try JSONDecoder().decode(Specs.self, from: Data(file.utf8))
        for text in specs.accepted { #expect(Self.failure(text) == nil, "\(text)") }
        for text in specs.refused { #expect(Self.failure(text)?.code == .badSpec, "\(text)") }
        #expect(specs.accepted.count > 50 && specs.refused.count > 50)
    }

    @Test func nothingIsNoValueWhereThereHasToBeOne() {
        for (text, message, hint) in [
            ("pools: {t: }", "kvm7.yaml:2:12: a pool has no value", "where nothing is to be said of it, write {}"),
            ("pfs: {eth3: null}", "kvm7.yaml:2:13: a PF has no value", "where nothing is to be said of it, write {}"),
            ("guests: {vm: ~}", "kvm7.yaml:2:14: a guest has no value", "where nothing is to be said of it, write []"),
            ("pools:", "kvm7.yaml:2:7: pools has no value", "where nothing is to be said of it, write {}"),
            ("pools: {t: {order: null}}", "kvm7.yaml:2:20: order has no value", nil),
            ("pools: {t: {active: null}}", "kvm7.yaml:2:21: active has no value", nil),
            ("pools: {\"\": {}}", "kvm7.yaml:2:9: a pool needs a name", nil),
            ("guests: {vm: [{mac: 52:54:00:00:00:01, pool: \"\"}]}", "kvm7.yaml:2:46: pool is empty", nil),
            ("pools: {t: {portgroups: {\"\": {}}}}", "kvm7.yaml:2:26: a portgroup needs a name", nil),
        ] as [(String, String, String?)] {
            let failure = Self.failure("version: 1\n\(text)\n")
            #expect(failure?.message == message, "\(text)")
            #expect(failure?.hints.first?.text == hint, "\(text)")
        }
    }

    /// What somebody wrote is shown in part, however long it is.
    @Test func excerptsAreBounded() {
        let long = String(repeating: "x", count: 900)
        for text in [
            "version: \(long)", "version: 1\n\(long): 1", "version: 1\npools: {t: {order: \(long)}}",
            "version: 1\npools: {t: {pf: [\(long), \(long)]}}", "version: 1\n\(long): 1\n\(long): 2",
        ] {
            let failure = Self.failure(text)
            #expect(failure?.code == .badSpec && failure?.message.utf8.count ?? 0 < 200, "\(failure?.message ?? "")")
        }
        let huge = Self.failure("version: 1\nhost: " + String(repeating: "x", count: 9_000_000))
        #expect(huge?.message == "kvm7.yaml:2:7: a text or key of more than 1024 bytes")
        #expect(huge?.cause?.utf8.count ?? 0 < 300)
    }

    @Test func saysWhereItIsNoUTF8() {
        let text = Array("version: 1\npools: {té: ".utf8) + [0xFF] + Array("}\n".utf8)
        let failure = #expect(throws: Failure.self) { try SpecText(text, name: "a").spec() }
        #expect(failure?.message == "a:2:13: it is not UTF-8")
        #expect(failure?.cause?.hasSuffix("\n            ^") ?? false, "\(failure?.cause ?? "")")
    }

    /// The schema knows what the reader does, no more and no less.
    @Test func schemaHasEveryKey() throws {
        struct Schema: Decodable {
            struct Part: Decodable { var properties: [String: Any0]? }
            struct Any0: Decodable { init(from decoder: any Decoder) {} }
            var properties: [String: Any0]
            var definitions: [String: Part]
        }
        let schema = try JSONDecoder().decode(Schema.self, from: Data(SpecSchema.text.utf8))
        func known(_ before: String, _ after: String) -> [String] {
            let failure = Self.failure("version: 1\n\(before)zzzzzzzzzzzzzzzzzzzzzzzz: 1\(after)")
            let hint = failure?.hints.first?.text ?? ""
            return hint.replacing("known here: ", with: "").replacing(" and ", with: ", ").split(separator: ", ").map(
                String.init
            ).sorted()
        }
        #expect(known("", "") == schema.properties.keys.sorted())
        for (name, before, after) in [
            ("pf", "pfs: {a: {", "}}"), ("pool", "pools: {a: {", "}}"),
            ("portgroup", "pools: {a: {portgroups: {b: {", "}}}}"), ("interface", "guests: {a: [{", "}]}"),
            ("settings", "pools: {a: {settings: {", "}}}"),
        ] {
            #expect(known(before, after) == (schema.definitions[name]?.properties?.keys.sorted() ?? []), "\(name)")
        }
    }
}

extension HostSpec {
    /// Without where it stands and what is a comment.
    fileprivate var plain: HostSpec {
        var copy = self
        for index in copy.pfs.indices { (copy.pfs[index].origin, copy.pfs[index].title) = (nil, nil) }
        for index in copy.pools.indices {
            copy.pools[index].origin = nil
            for place in copy.pools[index].pfs.indices { copy.pools[index].pfs[place].title = nil }
        }
        for index in copy.guests.indices {
            copy.guests[index].origin = nil
            for place in copy.guests[index].interfaces.indices { copy.guests[index].interfaces[place].origin = nil }
        }
        return copy
    }
}
