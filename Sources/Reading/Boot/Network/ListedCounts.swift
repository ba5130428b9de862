import Model
import Text

/// Counts in the YAML or JSON of programs that set them at boot: a PF, by its name or address, and a number.
struct ListedCounts {
    let files: BootFiles

    func setters(_ pfs: [PFTraits]) -> [CountSetter] {
        osNetConfig(pfs) + netplanShim(pfs) + networkOperator(pfs) + nmstate(pfs) + vdsm(pfs)
    }

    /// `sriov_config.service` reads a list of PFs and VFs.
    private func osNetConfig(_ pfs: [PFTraits]) -> [CountSetter] {
        ["/var/lib/os-net-config/sriov_config.yaml", "/etc/os-net-config/sriov_config.yaml"].flatMap { path in
            document(path, .osNetConfig, pfs) { document in
                document.items.filter { $0["device_type"]?.text ?? "pf" == "pf" }.map { ($0["name"], $0["numvfs"]) }
            }
        }
    }

    private func netplanShim(_ pfs: [PFTraits]) -> [CountSetter] {
        document("/etc/sriov-netplan-shim/interfaces.yaml", .netplanShim, pfs) { document in
            (document["interfaces"]?.entries ?? []).map { (.scalar($0.key.string, line: 0), $0.value["num_vfs"]) }
        }
    }

    /// Its service reads what the cluster wants of this host; the keys' case depends on its release.
    private func networkOperator(_ pfs: [PFTraits]) -> [CountSetter] {
        document("/etc/sriov-operator/sriov-interface-config.yaml", .networkOperator, pfs) { document in
            (document["spec"]?["interfaces"]?.items ?? []).map { interface in
                func value(_ key: String) -> YAMLNode? {
                    interface.entries.last { $0.key.string.asciiLowercased.isSame(as: key) }?.value
                }
                return (value("pciaddress") ?? value("name"), value("numvfs"))
            }
        }
    }

    /// `nmstate.service` applies these, and then calls them `.applied`.
    private func nmstate(_ pfs: [PFTraits]) -> [CountSetter] {
        files.merged(["/etc/nmstate"], ending: "").filter {
            $0.name.hasSuffix(bytes: ".yml") || $0.name.hasSuffix(bytes: ".yaml")
        }.flatMap { _, path in
            document(path, .nmstate, pfs) { document in
                (document["interfaces"]?.items ?? []).map { ($0["name"], $0["ethernet"]?["sr-iov"]?["total-vfs"]) }
            }
        }
    }

    /// oVirt's agent keeps a file for each PF, called by the netdev's name.
    private func vdsm(_ pfs: [PFTraits]) -> [CountSetter] {
        let folder = "/var/lib/vdsm/persistence/netconf/devices"
        return files.names(in: folder).flatMap { name in
            document("\(folder)/\(name)", .vdsm, pfs) { [(.scalar(name, line: 0), $0["sriov"]?["numvfs"])] }
        }
    }

    private func document(
        _ path: String, _ means: CountSetter.Means, _ pfs: [PFTraits],
        _ counts: (YAMLNode) -> [(name: YAMLNode?, count: YAMLNode?)]
    ) -> [CountSetter] {
        guard let text = files.text(path) else { return [] }
        guard let document = YAMLText.read(text) else {
            let lower = text.asciiLowercased
            guard ["numvfs", "num_vfs", "total-vfs"].contains(where: { lower.contains(bytes: $0) }) else { return [] }
            return pfs.map {
                CountSetter(means, $0.address, path, count: nil, doubt: "its YAML is not understood here")
            }
        }
        return counts(document).flatMap { name, count -> [CountSetter] in
            guard let name = name?.text, let count else { return [] }
            return pfs.compactMap { pf in
                let truth = pf.isMeant(by: name)
                guard truth != .no else { return nil }
                return CountSetter(
                    means, pf.address, path, line: count.line, count: count.text.flatMap { Int(digits: $0) },
                    doubt: truth == .yes ? nil : CountSetter.whichPF)
            }
        }
    }
}
