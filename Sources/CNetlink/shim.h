#pragma once
#include <errno.h>
#include <linux/devlink.h>
#include <linux/ethtool.h>
#include <linux/genetlink.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netlink/errno.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/link/sriov.h>
#include <string.h>
#include <sys/ioctl.h>

// Linux 6.2 has them, headers from before do not: DEVLINK_PORT_FN_ATTR_CAPS, DEVLINK_PORT_FN_CAP_MIGRATABLE.
#define VFPOOL_DEVLINK_FUNCTION_CAPABILITIES 4
#define VFPOOL_DEVLINK_MIGRATABLE 2

// Swift cannot call ioctl (it takes variable arguments) nor say "a struct with an array of unknown length at its end".
// Writes the six bytes of a netdev's permanent MAC (all zero: the driver knows none); 0, or -1 with errno.
static inline int vfpool_permanent_mac(int socket, const char *netdev, unsigned char mac[6]) {
    struct {
        struct ethtool_perm_addr head;
        unsigned char bytes[32];
    } answer = {{.cmd = ETHTOOL_GPERMADDR, .size = sizeof answer.bytes}};
    struct ifreq request = {.ifr_data = (char *)&answer};
    size_t length = strlen(netdev);
    if (length >= sizeof request.ifr_name) return errno = ENODEV, -1;
    memcpy(request.ifr_name, netdev, length);
    if (ioctl(socket, SIOCETHTOOL, &request) < 0) return -1;
    if (answer.head.size != 6) return errno = EAFNOSUPPORT, -1;
    memcpy(mac, answer.bytes, 6);
    return 0;
}
