/// The names libvirt's headers give to errors, for people: libvirt itself exports no function that tells them.
///
/// Both lists are `virterror.h` in order, as of libvirt 11.3: the number is the place in the list.
enum ErrorNames {
    /// `virErrorNumber`, warnings included.
    static let codes = [
        "VIR_ERR_OK", "VIR_ERR_INTERNAL_ERROR", "VIR_ERR_NO_MEMORY", "VIR_ERR_NO_SUPPORT", "VIR_ERR_UNKNOWN_HOST",
        "VIR_ERR_NO_CONNECT", "VIR_ERR_INVALID_CONN", "VIR_ERR_INVALID_DOMAIN", "VIR_ERR_INVALID_ARG",
        "VIR_ERR_OPERATION_FAILED", "VIR_ERR_GET_FAILED", "VIR_ERR_POST_FAILED", "VIR_ERR_HTTP_ERROR",
        "VIR_ERR_SEXPR_SERIAL", "VIR_ERR_NO_XEN", "VIR_ERR_XEN_CALL", "VIR_ERR_OS_TYPE", "VIR_ERR_NO_KERNEL",
        "VIR_ERR_NO_ROOT", "VIR_ERR_NO_SOURCE", "VIR_ERR_NO_TARGET", "VIR_ERR_NO_NAME", "VIR_ERR_NO_OS",
        "VIR_ERR_NO_DEVICE", "VIR_ERR_NO_XENSTORE", "VIR_ERR_DRIVER_FULL", "VIR_ERR_CALL_FAILED", "VIR_ERR_XML_ERROR",
        "VIR_ERR_DOM_EXIST", "VIR_ERR_OPERATION_DENIED", "VIR_ERR_OPEN_FAILED", "VIR_ERR_READ_FAILED",
        "VIR_ERR_PARSE_FAILED", "VIR_ERR_CONF_SYNTAX", "VIR_ERR_WRITE_FAILED", "VIR_ERR_XML_DETAIL",
        "VIR_ERR_INVALID_NETWORK", "VIR_ERR_NETWORK_EXIST", "VIR_ERR_SYSTEM_ERROR", "VIR_ERR_RPC",
        "VIR_ERR_GNUTLS_ERROR", "VIR_WAR_NO_NETWORK", "VIR_ERR_NO_DOMAIN", "VIR_ERR_NO_NETWORK", "VIR_ERR_INVALID_MAC",
        "VIR_ERR_AUTH_FAILED", "VIR_ERR_INVALID_STORAGE_POOL", "VIR_ERR_INVALID_STORAGE_VOL", "VIR_WAR_NO_STORAGE",
        "VIR_ERR_NO_STORAGE_POOL", "VIR_ERR_NO_STORAGE_VOL", "VIR_WAR_NO_NODE", "VIR_ERR_INVALID_NODE_DEVICE",
        "VIR_ERR_NO_NODE_DEVICE", "VIR_ERR_NO_SECURITY_MODEL", "VIR_ERR_OPERATION_INVALID", "VIR_WAR_NO_INTERFACE",
        "VIR_ERR_NO_INTERFACE", "VIR_ERR_INVALID_INTERFACE", "VIR_ERR_MULTIPLE_INTERFACES", "VIR_WAR_NO_NWFILTER",
        "VIR_ERR_INVALID_NWFILTER", "VIR_ERR_NO_NWFILTER", "VIR_ERR_BUILD_FIREWALL", "VIR_WAR_NO_SECRET",
        "VIR_ERR_INVALID_SECRET", "VIR_ERR_NO_SECRET", "VIR_ERR_CONFIG_UNSUPPORTED", "VIR_ERR_OPERATION_TIMEOUT",
        "VIR_ERR_MIGRATE_PERSIST_FAILED", "VIR_ERR_HOOK_SCRIPT_FAILED", "VIR_ERR_INVALID_DOMAIN_SNAPSHOT",
        "VIR_ERR_NO_DOMAIN_SNAPSHOT", "VIR_ERR_INVALID_STREAM", "VIR_ERR_ARGUMENT_UNSUPPORTED",
        "VIR_ERR_STORAGE_PROBE_FAILED", "VIR_ERR_STORAGE_POOL_BUILT", "VIR_ERR_SNAPSHOT_REVERT_RISKY",
        "VIR_ERR_OPERATION_ABORTED", "VIR_ERR_AUTH_CANCELLED", "VIR_ERR_NO_DOMAIN_METADATA", "VIR_ERR_MIGRATE_UNSAFE",
        "VIR_ERR_OVERFLOW", "VIR_ERR_BLOCK_COPY_ACTIVE", "VIR_ERR_OPERATION_UNSUPPORTED", "VIR_ERR_SSH",
        "VIR_ERR_AGENT_UNRESPONSIVE", "VIR_ERR_RESOURCE_BUSY", "VIR_ERR_ACCESS_DENIED", "VIR_ERR_DBUS_SERVICE",
        "VIR_ERR_STORAGE_VOL_EXIST", "VIR_ERR_CPU_INCOMPATIBLE", "VIR_ERR_XML_INVALID_SCHEMA",
        "VIR_ERR_MIGRATE_FINISH_OK", "VIR_ERR_AUTH_UNAVAILABLE", "VIR_ERR_NO_SERVER", "VIR_ERR_NO_CLIENT",
        "VIR_ERR_AGENT_UNSYNCED", "VIR_ERR_LIBSSH", "VIR_ERR_DEVICE_MISSING", "VIR_ERR_INVALID_NWFILTER_BINDING",
        "VIR_ERR_NO_NWFILTER_BINDING", "VIR_ERR_INVALID_DOMAIN_CHECKPOINT", "VIR_ERR_NO_DOMAIN_CHECKPOINT",
        "VIR_ERR_NO_DOMAIN_BACKUP", "VIR_ERR_INVALID_NETWORK_PORT", "VIR_ERR_NETWORK_PORT_EXIST",
        "VIR_ERR_NO_NETWORK_PORT", "VIR_ERR_NO_HOSTNAME", "VIR_ERR_CHECKPOINT_INCONSISTENT", "VIR_ERR_MULTIPLE_DOMAINS",
        "VIR_ERR_NO_NETWORK_METADATA", "VIR_ERR_AGENT_COMMAND_TIMEOUT", "VIR_ERR_AGENT_COMMAND_FAILED",
    ]

    /// `virErrorDomain`, without its `VIR_FROM_` and in lower case.
    static let domains = [
        "none", "xen", "xend", "xenstore", "sexpr", "xml", "dom", "rpc", "proxy", "conf", "qemu", "net", "test",
        "remote", "openvz", "xenxm", "stats_linux", "lxc", "storage", "network", "domain", "uml", "nodedev",
        "xen_inotify", "security", "vbox", "interface", "one", "esx", "phyp", "secret", "cpu", "xenapi", "nwfilter",
        "hook", "domain_snapshot", "audit", "sysinfo", "streams", "vmware", "event", "libxl", "locking", "hyperv",
        "capabilities", "uri", "auth", "dbus", "parallels", "device", "ssh", "lockspace", "initctl", "identity",
        "cgroup", "access", "systemd", "bhyve", "crypto", "firewall", "polkit", "thread", "admin", "logging", "xenxl",
        "perf", "libssh", "resctrl", "firewalld", "domain_checkpoint", "tpm", "bpf", "ch",
    ]
}
