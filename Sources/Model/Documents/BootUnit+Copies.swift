import Text

/// Units that a package ships, and copies of them that vfpool wrote where there was no package.
extension BootUnit {
    /// Where packages put units, the first counting most.
    static let packageFolders = ["/usr/local/lib/systemd/system", "/usr/lib/systemd/system"]

    /// Where a package may have it. That which gives PFs their VFs is always a copy: it outlives vfpool.
    package var packagedFiles: [String] { self == .functions ? [] : Self.packageFolders.map { "\($0)/\(rawValue)" } }

    /// The one that a package ships for this vfpool; nil where there is none, or one for another vfpool.
    package func packagedFile(running program: String, _ files: any FileReading) throws(Failure) -> String? {
        for path in packagedFiles {
            guard let text = try files.content(path)?.text else { continue }
            return self != .reconcile || (Self.program(of: text)?.isSame(as: program) ?? false) ? path : nil
        }
        return nil
    }

    /// Whether a link leads to this path. `systemctl enable` says `/lib` of `/usr/lib`, where one is a link to the other.
    package static func leads(_ link: String?, to path: String) -> Bool {
        link.map { $0.isSame(as: path) || "/usr\($0)".isSame(as: path) && path.hasPrefix(bytes: "/usr/lib/") } ?? false
    }

    // MARK: Whose a copy is

    package enum Copy: Sendable, Equatable {
        /// As this vfpool writes it, for whatever program.
        case current
        /// As an earlier vfpool wrote it.
        case former
        /// By a hand, or by a vfpool to come.
        case changed
    }

    package func copy(_ text: String) -> Copy {
        let digest = Self.digest(generic(text))
        guard let index = shipped.firstIndex(of: digest) else { return .changed }
        return index == shipped.count - 1 ? .current : .former
    }

    /// The text as its template has it, whatever vfpool it runs.
    private func generic(_ text: String) -> String {
        guard self == .reconcile, let program = Self.program(of: text) else { return text }
        return text.replacing(
            bytes: "\nExecStart=\(SystemdWord.running(program)) ", with: "\nExecStart=/usr/bin/vfpool "
        ).replacing(
            bytes: "\nConditionFileIsExecutable=\(SystemdWord.runs(program))\n",
            with: "\nConditionFileIsExecutable=/usr/bin/vfpool\n")
    }

    /// FNV-1a: it tells texts apart, and keeps no secret.
    static func digest(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// Digests of the texts that templates had, in order, the last being today's: a new text is added, none is taken out.
    var shipped: [UInt64] {
        switch self {
        case .functions: [0xC091_7271_F5A0_A07D, 0x8C8F_B710_FA8A_B48D, 0xB1CD_D14D_2387_73BD]
        case .reconcile:
            [
                0xC7E9_E4D3_A384_83CB, 0xBFA1_D4A5_D168_5BC1, 0x95FB_9483_8F59_C087, 0xF749_8947_8F2B_8902,
                0xE47F_2133_DB28_6620, 0x3D8C_6615_AA06_35F9, 0x92C0_CDB2_ED81_FD51,
            ]
        case .timer: [0x1AD9_56DB_D81D_FFCC, 0xA846_3409_1752_9EA2, 0x83AB_92CC_76C9_2A0F]
        case .path: [0xA4E2_52E7_6019_1B61, 0x7CC2_08C9_5446_11FA, 0xEBF4_AB25_FD6E_4CB4, 0x11F2_3B73_FF07_4FBB]
        case .guests: [0xFF83_991B_4EFA_D357, 0xA4F2_B9D9_9A1F_A239, 0x7648_B81D_B229_90D6]
        case .reload: [0xA73C_5E7E_EC72_E148, 0x52F4_5005_73D6_67FA]
        }
    }
}
