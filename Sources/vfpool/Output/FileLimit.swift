import Glibc
import Model

/// How many files this process may have open.
enum FileLimit {
    /// As many as a usual process, where only the soft limit is lower.
    private static let usual: rlim_t = 1024

    /// What is low by habit is raised; what is low by an administrator's will (the hard limit) stays.
    static func raise() {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < min(usual, limit.rlim_max) else { return }
        limit.rlim_cur = min(usual, limit.rlim_max)
        setrlimit(resource, &limit)
    }
}
