import Model

/// How many functions of a pool or PF are used for what.
package struct FunctionCounts: Sendable, Equatable {
    package var total = 0
    package var free = 0
    /// Free by libvirt, but the host may use them: it can't be asked.
    package var perhapsFree = 0
    /// Free, and not handed out before the pool starts again.
    package var later = 0
    package var taken = 0
    package var reserved = 0
    package var outside = 0
    package var host = 0
    package var unknown = 0

    package init(_ functions: [FunctionReport]) {
        total = functions.count
        for function in functions {
            switch function.use {
            case .free where function.isHostUseKnown: free += 1
            case .free: perhapsFree += 1
            case .later: later += 1
            case .taken: taken += 1
            case .reserved: reserved += 1
            case .outside: outside += 1
            case .host: host += 1
            case .unknown: unknown += 1
            }
        }
    }

    /// Held, but not through a pool.
    package var elsewhere: Int { reserved + outside + host }
}
