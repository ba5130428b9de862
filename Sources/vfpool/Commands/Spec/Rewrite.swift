import ArgumentParser
import Glibc
import Journal
import Model
import Planning
import SRIOV
import Spec
import Text

struct Rewrite: Command {
    static let configuration = CommandConfiguration(
        abstract: "Point a guest's document at a pool, without a host",
        discussion: """
            Reads a guest's document on stdin and prints it with its pinned VFs on a pool, as `vfpool bind` would \
            change it: for documents in Git, or made by virt-install or Terraform's XSLT. Needs neither libvirt's \
            daemon nor root. Interfaces of type hostdev are VFs; plain hostdevs count as VFs where --pf-of says so, or \
            --interface names their address. A plain hostdev has no MAC in its document: --mac gives it. A document \
            without pinned VFs is printed as it is.

            Examples:
              $ vfpool rewrite --pool tenants < guest.xml > new.xml
              Checked with what is on the host, with its portgroups and plain hostdevs:
                $ vfpool status --format json > status.json
                $ vfpool rewrite --pool tenants --portgroup dmz --pf-of status.json < guest.xml
            """)

    @Option(help: "The pool.")
    var pool: Name

    @Option(help: "A portgroup of the pool.")
    var portgroup: Name?

    @Option(help: ArgumentHelp("The interfaces' VLAN, 1-4094.", valueName: "id"))
    var vlan: VLANArgument?

    @Option(
        help: ArgumentHelp(
            "Only this interface, by MAC, alias, index or its VF's PCI address; repeatable.", valueName: "interface"))
    var interface: [String] = []

    @Option(help: "The MAC of a plain hostdev.")
    var mac: MACArgument?

    @Option(
        help: ArgumentHelp(
            "What `vfpool status --format json` printed on the host: which devices are VFs, and the pool's portgroups.",
            valueName: "file"),
        completion: .file(extensions: ["json"]))
    var pfOf: String?

    @Option(help: DropArgument.forPool)
    var drop: [DropArgument] = []

    @OptionGroup(title: "Output") var output: OutputOptions

    func execute(_ output: Output) throws(Failure) -> Int32 {
        var request = RewriteRequest(pool: pool)
        request.portgroup = portgroup
        request.vlan = try vlan?.tag("the guest")
        request.interfaces = interface
        request.mac = mac.flatMap { Planning.Arguments.mac($0.text) }
        request.drop = Set(drop.flatMap(\.names))
        if let pfOf { request.host = try KnownHost(SpecFiles.one(pfOf)) }
        let text = String(
            decoding: try Files.bytes(of: STDIN_FILENO, "stdin", limit: Files.documentLimit, isPlain: false),
            as: UTF8.self)
        let result = try GuestRewrite.plan(text, request)
        if output.format == .json {
            try output.json(result.json)
            return ExitStatus.done
        }
        output.data(result.document.printableDocument + (result.document.hasSuffix(bytes: "\n") ? "" : "\n"))
        if result.plan.isEmpty {
            output.note("the document has no pinned VF to point at pool \(pool): it is unchanged")
        }
        for note in result.notes { output.note(note) }
        for warning in result.plan.warnings { output.warning(warning.message, hints: warning.hints) }
        return ExitStatus.done
    }
}
