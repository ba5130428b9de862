import Testing
import Text

@testable import Reporting

/// What tells of somebody is replaced: the same by the same, another by another, and nothing else.
@Suite struct MasksTests {
    private func masks(_ words: (Masks.Kind, Name)...) -> Masks {
        Masks(words.map { Masks.Word($0.0, $0.1) })
    }

    @Test(arguments: [
        (
            "guest web has 52:54:00:AB:cd:01 and 52:54:00:ab:cd:02",
            "guest guest-1 has 02:00:00:00:00:01 and 02:00:00:00:00:02"
        ),
        // A name where it stands as a word.
        (
            "web, web-2, cobweb, webs, `vfpool bind web`, /x/web.xml",
            "guest-1, guest-1-2, cobweb, webs, `vfpool bind guest-1`, /x/guest-1.xml"
        ),
        ("web-db web-db2", "guest-2 guest-1-db2"),
        // What has a MAC's look in part, and tells nothing.
        ("0000:03:10.2 16:07:35 2026-11-29T16:07:35+00:00", "0000:03:10.2 16:07:35 2026-11-29T16:07:35+00:00"),
        ("00:00:00:00:00:00 ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00 ff:ff:ff:ff:ff:ff"),
        ("01:00:5e:00:00:01", "03:00:00:00:00:01"),
        ("52-54-00-ab-cd-01 enx525400abcd01", "02-00-00-00-00-01 enx020000000001"),
        // InfiniBand's.
        ("80:00:02:08:fe:80:00:01", "02:00:00:00:00:00:00:01"),
        (
            "6ba7b810-9dad-11d1-80b4-00c04fd430c8 6BA7B8109DAD11D180B400C04FD430C8 x6ba7b810",
            "00000000-0000-4000-8000-000000000001 00000000000040008000000000000001 x6ba7b810"
        ),
        ("at 10.1.2.3. libvirt 9.0.0, 127.0.0.1, 300.1.1.1", "at 198.18.0.1. libvirt 9.0.0, 127.0.0.1, 300.1.1.1"),
        ("10.1.2.3:80 and 10.1.2.4", "198.18.0.1:80 and 198.18.0.2"),
        ("fe80::1%eth3 [2001:db8:1:2:3:4:5:6]: ::1 a::", "2001:db8::1%eth3 [2001:db8::2]: ::1 2001:db8::3"),
        ("/home/alice/x.xml /home/bob", "/home/user-1/x.xml /home/user-2"),
        // Too short to be looked for but behind its noun.
        ("7 VFs of guest 7", "7 VFs of guest guest-3"),
        ("", ""),
    ])
    func ofTexts(text: String, masked: String) {
        let masks = masks((.guest, "web"), (.guest, "web-db"), (.guest, "7"))
        #expect(masks.text(text) == masked)
    }

    /// A report's texts are made of what is masked in part.
    @Test func whatIsMaskedStays() {
        let masks = masks((.guest, "6ba7b810-9dad-11d1-80b4-00c04fd430c8"))
        let text = masks.text("52:54:00:ab:cd:01 enx525400abcd02 10.1.2.3 fe80::1 6BA7B8109DAD11D180B400C04FD430C9")
        #expect(masks.text("x \(text)") == "x \(text)")
        let guest = masks.name("6ba7b810-9dad-11d1-80b4-00c04fd430c8", .guest)
        #expect(masks.text("guest \(guest)") == "guest 00000000-0000-4000-8000-000000000001")
        // No other's mask is what somebody has.
        #expect(
            masks.text("02:00:00:00:00:04 52:54:00:00:00:09") == "02:00:00:00:00:03 02:00:00:00:00:05")
    }

    @Test func namesThatAreNoPlainWords() {
        let masks = masks((.guest, "a b"), (.pool, "'\u{301};x"), (.guest, "日本"), (.text, "Two\nlines"), (.guest, "é"))
        #expect(
            masks.text("guests 'a b' and 日本: Two\nlines '\u{301};x") == "guests 'guest-1' and guest-2: text-1 pool-1")
        #expect(masks.text("日本語 xa b a bc") == "日本語 xa b a bc")
        // Of two normal forms of a name, only one is that name.
        #expect(masks.text("guest \u{E9} e\u{301}") == "guest guest-3 e\u{301}")
    }

    @Test func aNameIsOneMaskWhateverItNames() {
        let masks = masks((.guest, "web"), (.pool, "web"), (.guest, "52:54:00:00:00:09"))
        #expect(masks.name("web", .pool) == "guest-1")
        #expect(masks.text("52:54:00:00:00:09") == masks.text("x 52:54:00:00:00:09").dropFirst(2))
        #expect(masks.name("unknown", .host) == "host-1" && masks.name("unknown", .text) == "host-1")
    }

    @Test func noMaskIsSomebodysName() {
        let masks = masks((.guest, "guest-2"), (.guest, "guest-1"), (.guest, "guest"), (.guest, "host-1"))
        let names: [Name] = ["guest-2", "guest-1", "guest", "host-1"]
        let made = names.map { masks.name($0, .guest) }
        #expect(Set(made).count == 4 && Set(made).isDisjoint(with: names))
        // And what is masked stays as it is.
        for mask in made { #expect(masks.text("guests \(mask)") == "\(masks.text("guests")) \(mask)") }
    }

    @Test func manyAreToldApart() {
        let masks = masks()
        var seen: Set<Name> = []
        for number in 0..<70_000 {
            seen.insert(Name(masks.text("10.\(number >> 16).\(number >> 8 & 255).\(number & 255)")))
        }
        #expect(seen.count == 70_000)
    }

    @Test(arguments: [
        ("eth3", true), ("enp3s0f1np1", true), ("eno1", true), ("virbr0", true), ("bond0.42", true), ("vda", true),
        ("lo", true),
        ("tenant-acme", false), ("enx525400abcd01", false), ("eth", false), ("ethacme1", false), ("br-lan", false),
        ("", false),
    ])
    func netdevs(name: String, isUsual: Bool) {
        #expect(NetdevName.isUsual(name) == isUsual)
    }

    @Test func commands() {
        let masks = masks((.guest, "web"))
        #expect(
            LogReport.masked(
                [
                    "/home/alice/vfpool", "bind", "web", "gone", "--pool=secret", "--mac", "52:54:00:00:00:01", "--vfs",
                    "0-3,5",
                    "eth3", "0000:03:10.1", "--trust", "on",
                ], masks)
                == [
                    "vfpool", "bind", "guest-1", "text-1", "--pool=text-2", "--mac", "02:00:00:00:00:01", "--vfs",
                    "0-3,5", "eth3",
                    "0000:03:10.1", "--trust", "on",
                ])
        // Of a path nothing stays, and of a URI what it is.
        #expect(
            LogReport.masked(
                ["vfpool", "-f", "/home/alice/web/x.yaml", "-c", "qemu+ssh://web/system?keyfile=/x"], masks)
                == ["vfpool", "-f", "text-3", "-c", "qemu+ssh://guest-1/system?text-4"])
    }
}
