import Glibc

extension Rig {
    /// Somebody who takes connections and says nothing.
    package struct SilentPeer: Sendable {
        /// Of a unix socket, of TCP on the loopback, and of an ssh that never gets through.
        package let uris: [String]
        private let command: RunningCommand

        fileprivate init(_ uris: [String], _ command: RunningCommand) {
            self.uris = uris
            self.command = command
        }
    }

    package func silentPeer() throws(RigError) -> SilentPeer {
        let program = """
            import os, socket, time
            path = "/run/silent"
            unix = socket.socket(socket.AF_UNIX)
            unix.bind(path)
            unix.listen()
            tcp = socket.socket()
            tcp.bind(("127.0.0.1", 0))
            tcp.listen()
            with open("/run/silent-ssh", "w") as file:
                file.write("#!/bin/sh\\necho $$ >> /run/silent-ssh.pids\\nexec sleep 1000\\n")
            os.chmod("/run/silent-ssh", 0o755)
            print(tcp.getsockname()[1], flush=True)
            time.sleep(1000)
            """
        let command = try start(["python3", "-c", program])
        for _ in 0..<6000 {
            if let pf = command.stdout.split(separator: "\n").first {
                return SilentPeer(
                    [
                        "qemu+unix:///system?socket=/run/silent", "qemu+tcp://127.0.0.1:\(pf)/system",
                        "qemu+ssh://nowhere/system?command=/run/silent-ssh",
                    ], command)
            }
            usleep(5000)
        }
        throw RigError("the silent peer does not come up: \(command.stderr)")
    }
}
