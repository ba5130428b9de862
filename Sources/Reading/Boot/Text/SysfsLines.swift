import Model
import Text

/// Files of lines that write a value to a path in `/sys`: sysfsutils' and systemd-tmpfiles'.
struct SysfsLines {
    let files: BootFiles

    func setters(_ pfs: [PFTraits]) -> [CountSetter] {
        sysfsutils().flatMap { path, writes in BootEffects(counts: writes).setters(.sysfsutils, pfs, runBy: path) }
            + tmpfiles().flatMap { path, writes in BootEffects(counts: writes).setters(.tmpfiles, pfs, runBy: path) }
    }

    /// `class/net/eth3/device/sriov_numvfs = 4`
    private func sysfsutils() -> [(String, [CountWrite])] {
        let paths = ["/etc/sysfs.conf"] + files.merged(["/etc/sysfs.d"], ending: ".conf").map(\.path)
        return paths.map { path in
            (
                path,
                writes(path) { line in
                    // `mode PATH = …` and `owner PATH = …` set something else.
                    guard let (target, value) = line.cut(at: "="), target.words.count == 1,
                        let name = target.words.first
                    else { return nil }
                    return ("/sys/\(name)", value.trimmed)
                }
            )
        }
    }

    /// `w /sys/class/net/eth3/device/sriov_numvfs - - - - 4`
    private func tmpfiles() -> [(String, [CountWrite])] {
        files.merged(BootFiles.folders("tmpfiles.d"), ending: ".conf").map { _, path in
            (
                path,
                writes(path) { line in
                    let words = UnitCommand.words(String(line))
                    guard words.count > 6, let type = words[0].utf8.first, type.isOne(of: "wfF") else { return nil }
                    return (words[1], words[6][...])
                }
            )
        }
    }

    private func writes(_ path: String, _ parts: (Substring) -> (path: String, value: Substring)?) -> [CountWrite] {
        guard let text = files.text(path) else { return [] }
        return text.lines.enumerated().compactMap { index, line in
            let line = line.trimmed
            guard !line.hasPrefix(bytes: "#"), let (target, value) = parts(line), PFTraits.isCountFile(target) else {
                return nil
            }
            return CountWrite(
                target: .file(target), count: ScriptValues(String(value)).count,
                place: Place(path: path, line: index + 1))
        }
    }
}
