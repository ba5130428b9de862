/// A file of the host, or a symbolic link; part of its description.
package struct RigFile: Encodable, Sendable {
    var text: String?
    var mode: String?
    var link: String?
}

/// What is laid over the host's /sys: files of a netdev that say something else, or one file, nil to take it away.
package enum RigSysfs: Encodable, Sendable {
    case netdev([String: String])
    case file(String?)

    package func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .netdev(let files): try value.encode(files)
        case .file(let text?): try value.encode(text)
        case .file(nil): try value.encodeNil()
        }
    }
}
