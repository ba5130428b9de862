/// A systemd of its own, process 1 of new namespaces, on which units can be tried; `Tests/Shells/on-systemd`.
package enum OnSystemd {
    private static let program =
        #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/Shells/on-systemd"
    private static let environment = ["PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]

    /// Why there is none to be had here, or nil.
    package static let missing: String? = {
        guard let check = try? RunningCommand([program, "--check"], environment: environment).wait() else {
            return "on-systemd does not run"
        }
        return check.status == 0 ? nil : check.stdout
    }()

    /// Runs a script in bash, beside a systemd that knows the units of a folder.
    package static func run(units folder: String, _ script: String) throws(RigError) -> CommandResult {
        try RunningCommand([program, folder, script], environment: environment).wait()
    }
}
