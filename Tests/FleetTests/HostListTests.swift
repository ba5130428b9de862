import Testing
import Text

@testable import Fleet

/// Lists of hosts: ranges, files, what Ansible prints; and what is no host.
@Suite struct HostListTests {
    private func uris(_ names: String, aliases: Set<Name> = []) throws -> [String] {
        try HostList(names: names, aliases: aliases).hosts.map(\.uri)
    }

    private func file(_ text: String, aliases: Set<Name> = []) throws -> HostList {
        try HostList(file: Array(text.utf8), aliases: aliases)
    }

    @Test(arguments: [
        ("kvm[1-3]", ["kvm1", "kvm2", "kvm3"]), ("kvm[08-10]", ["kvm08", "kvm09", "kvm10"]),
        ("kvm[1-2,7],db1", ["kvm1", "kvm2", "kvm7", "db1"]), ("r[1-2]k[1-2]", ["r1k1", "r1k2", "r2k1", "r2k2"]),
        ("a", ["a"]), (" a , b,", ["a", "b"]), ("kvm[7]", ["kvm7"]),
        ("test:///x/kvm[1-2].xml", ["test:///x/kvm1.xml", "test:///x/kvm2.xml"]),
        ("qemu+tcp://[::1]/system", ["qemu+tcp://[::1]/system"]),
    ]) func rangesAndCommas(names: String, wanted: [String]) throws {
        #expect(try HostList(names: names, aliases: []).hosts.map(\.name.string) == wanted)
    }

    @Test func aNameBecomesAURI() throws {
        #expect(
            try uris("kvm7,root@kvm7,kvm7:2222,fe80::1,192.0.2.1,qemu:///system,hail", aliases: ["hail"]) == [
                "qemu+ssh://kvm7/system?no_tty=1", "qemu+ssh://root@kvm7/system?no_tty=1",
                "qemu+ssh://kvm7:2222/system?no_tty=1", "qemu+ssh://[fe80::1]/system?no_tty=1",
                "qemu+ssh://192.0.2.1/system?no_tty=1", "qemu:///system", "hail",
            ])
    }

    /// Nothing that a name holds gets into a URI as more than a name, or into ssh's options.
    @Test(arguments: [
        "-oProxyCommand=x", "kvm7/x", "kvm7?command=x", "kvm7#x", "kvm 7", "kvm\u{1B}7", "kvm7:x", "kvm7:99999",
        "@kvm7",
        "-l@kvm7", "a b@kvm7", "k\u{F6}ln", "kvm[", "kvm[a]", "kvm[1-]", "kvm[3-1]", "kvm[1,,2]", "kvm[1-99999999999]",
        "kvm[1-101]x[1-100]", "kvm[999999999999999999999]", "", ",", "\u{0}", "test:///a b", "kvm[1-2]]",
    ]) func whatIsNoHost(word: String) {
        #expect(throws: HostListError.self) { try HostList(names: word, aliases: []) }
    }

    @Test func aFile() throws {
        let list = try file("# all of them\r\nkvm[1-2]  # rack 1\r\n\r\n\tqemu+tls://db1/system,x\nkvm2\nkvm2\n")
        #expect(list.hosts.map(\.name) == ["kvm1", "kvm2", "qemu+tls://db1/system,x"])
        #expect(list.doubles == ["kvm2"])
        #expect(throws: HostListError("kvm1 kvm2: more than one word, and a line has one host or URI", line: 2)) {
            try file("\nkvm1 kvm2\n")
        }
        #expect(throws: HostListError.self) { try file("# nobody\n") }
        #expect(throws: HostListError("it is not UTF-8")) { try HostList(file: [0x6B, 0xFF], aliases: []) }
        #expect(throws: HostListError.self) { try file(String(repeating: "kvm[1-9999]x\n", count: 1) + "a\nb\nc\n") }
    }

    @Test func whatAnsiblePrints() throws {
        let list = try file(
            """
            {"_meta": {"hostvars": {
              "kvm10": {"ansible_host": "192.0.2.10", "ansible_user": "root", "ansible_port": 2222},
              "kvm2": {"ansible_port": "22"}, "here": {"ansible_connection": "local"},
              "far": {"vfpool_uri": "qemu+tls://far/system", "ansible_host": "x"}, "six": {"ansible_host": "2001:db8::1"}}},
             "all": {"children": ["kvm", "ungrouped"]}, "kvm": {"hosts": ["kvm10", "kvm2", "kvm1"]},
             "ungrouped": {"hosts": ["here", "far", "six"]}}
            """)
        #expect(
            list.hosts == [
                FleetHost("far", uri: "qemu+tls://far/system"), FleetHost("here", uri: "qemu:///system"),
                FleetHost("kvm1", uri: "qemu+ssh://kvm1/system?no_tty=1"),
                FleetHost("kvm2", uri: "qemu+ssh://kvm2:22/system?no_tty=1"),
                FleetHost("kvm10", uri: "qemu+ssh://root@192.0.2.10:2222/system?no_tty=1"),
                FleetHost("six", uri: "qemu+ssh://[2001:db8::1]/system?no_tty=1"),
            ])
        for (field, value) in [
            ("ansible_host", "{{ address }}"), ("ansible_host", "-oX"), ("ansible_user", "a b"), ("ansible_user", "-l"),
            ("ansible_port", "x"), ("vfpool_uri", "a b://"),
        ] {
            let error = #expect(throws: HostListError.self, "\(value)") {
                try file(#"{"_meta": {"hostvars": {"a": {"\#(field)": "\#(value)"}}}}"#)
            }
            let message = error?.message ?? ""
            #expect(message.contains(field) && message.contains(" of a"), "\(message)")
        }
        let noInventory = #expect(throws: HostListError.self) { try file(" [1]\n") }
        #expect(noInventory?.message.hasPrefix("it is a list of JSON") ?? false)
        #expect(try file("[::1]").hosts.count == 1)
        #expect(throws: HostListError.self) { try file(#"{"_meta": "#) }
    }

    @Test func libvirtsOwnNames() {
        let text = """
            # uri_aliases = ["no=qemu:///session"]
            uri_aliases = [
              "hail=qemu+ssh://root@hail.cloud.example.com/system",
            # "off=x",
              "sleet=qemu+ssh://root@[::1]/system", "a]b=x"
            ]
            uri_default = "qemu:///system"
            remote = [ "x=y" ]
            """
        #expect(URIAliases.names(text) == ["hail", "sleet", "a]b"])
        #expect(URIAliases.names("uri_aliases = [\"a=b\"]\n") == ["a"])
        #expect(URIAliases.names("uri_default = \"x=y\"\n").isEmpty)
    }
}
