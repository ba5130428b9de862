/* Route sockets and ethtool: what a port's driver would be told, and would answer. */
#include "table.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define ROOM (1 << 20)
#define IGNORED_ATTRIBUTE 0x3ff0 /* beyond IFLA_MAX: the kernel skips what it does not know */

static unsigned char asked_for_vfs[4096]; /* by file descriptor: the last request had RTEXT_FILTER_VF */

static int is_route_socket(int fd) {
    int domain = 0, protocol = -1, saved = errno;
    socklen_t size = sizeof domain;
    int found = getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_NETLINK
                && getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &size) == 0 && protocol == NETLINK_ROUTE;
    errno = saved;
    return found;
}

/* Sets one thing of one VF, as the port's driver would; false if it would refuse. */
static int set(const char *netdev, struct port *port, const struct rtattr *attribute) {
    const unsigned *words = RTA_DATA(attribute); /* each of these starts with the VF's number */
    unsigned index = words[0];
    char text[18];
    if (RTA_PAYLOAD(attribute) < 8 || index >= port->count) return 0;
    struct vf *vf = &port->vf[index];
    switch (attribute->rta_type & NLA_TYPE_MASK) {
        case IFLA_VF_MAC: {
            const struct ifla_vf_mac *mac = RTA_DATA(attribute);
            if (mac->mac[0] & 1) return 0;
            memcpy(vf->mac, mac->mac, 6);
            note(netdev, port, index, "mac %s", print_mac(vf->mac, text));
            return 1;
        }
        case IFLA_VF_VLAN:
            if (words[1] > 4095) return 0;
            vf->vlan = words[1], vf->qos = words[2];
            note(netdev, port, index, "vlan %u", vf->vlan);
            return 1;
        case IFLA_VF_VLAN_LIST: {
            const struct rtattr *first = RTA_DATA(attribute);
            const struct ifla_vf_vlan_info *info = RTA_DATA(first);
            index = info->vf;
            if (index >= port->count || info->vlan > 4095) return 0;
            port->vf[index].vlan = info->vlan, port->vf[index].qos = info->qos;
            note(netdev, port, index, "vlan %u", info->vlan);
            return 1;
        }
        case IFLA_VF_SPOOFCHK: vf->spoofcheck = words[1]; break;
        case IFLA_VF_TRUST: vf->trust = words[1]; break;
        case IFLA_VF_LINK_STATE: vf->link = words[1]; break;
        case IFLA_VF_TX_RATE: vf->max_rate = words[1]; break;
        case IFLA_VF_RATE: vf->min_rate = words[1], vf->max_rate = words[2]; break;
        default: return 0;
    }
    note(netdev, port, index, "attribute %u value %u", attribute->rta_type & NLA_TYPE_MASK, words[1]);
    return 1;
}

/* Takes the VF settings out of a request. One that a driver would refuse stays in: for a tap, the kernel refuses it. */
static void take_settings(struct nlmsghdr *message) {
    struct ifinfomsg *link = NLMSG_DATA(message);
    struct rtattr *list = NULL;
    char name[IF_NAMESIZE] = "";
    int left = IFLA_PAYLOAD(message);
    for (struct rtattr *a = IFLA_RTA(link); RTA_OK(a, left); a = RTA_NEXT(a, left)) {
        if ((a->rta_type & NLA_TYPE_MASK) == IFLA_VFINFO_LIST) list = a;
        if (a->rta_type == IFLA_IFNAME) snprintf(name, sizeof name, "%s", (char *)RTA_DATA(a));
    }
    if (!list) return;
    if (link->ifi_index > 0 && !if_indextoname(link->ifi_index, name)) return;
    struct port *port = malloc(sizeof *port);
    FILE *file = port ? open_table(name, port) : NULL;
    if (file) {
        int good = 1, infos_left = RTA_PAYLOAD(list);
        for (struct rtattr *i = RTA_DATA(list); RTA_OK(i, infos_left); i = RTA_NEXT(i, infos_left)) {
            int settings_left = RTA_PAYLOAD(i);
            for (struct rtattr *s = RTA_DATA(i); RTA_OK(s, settings_left); s = RTA_NEXT(s, settings_left))
                good = good && set(name, port, s);
        }
        if (good) {
            save_table(file, port);
            list->rta_type = IGNORED_ATTRIBUTE;
        }
        fclose(file);
    }
    free(port);
}

static void look_at_request(int fd, void *data, size_t size) {
    if (size < NLMSG_LENGTH(sizeof(struct ifinfomsg)) || !is_route_socket(fd)) return;
    struct nlmsghdr *message = data;
    if (message->nlmsg_len > size) return;
    if (message->nlmsg_type == RTM_SETLINK || message->nlmsg_type == RTM_NEWLINK) take_settings(message);
    if (message->nlmsg_type != RTM_GETLINK || fd >= (int)sizeof asked_for_vfs) return;
    asked_for_vfs[fd] = 0;
    int left = IFLA_PAYLOAD(message);
    for (struct rtattr *a = IFLA_RTA(NLMSG_DATA(message)); RTA_OK(a, left); a = RTA_NEXT(a, left))
        if (a->rta_type == IFLA_EXT_MASK) asked_for_vfs[fd] = (*(unsigned *)RTA_DATA(a) & RTEXT_FILTER_VF) != 0;
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
    static ssize_t (*real)(int, const struct msghdr *, int);
    if (!real) real = next("sendmsg");
    for (size_t i = 0; i < message->msg_iovlen; i++)
        look_at_request(fd, message->msg_iov[i].iov_base, message->msg_iov[i].iov_len);
    return real(fd, message, flags);
}

ssize_t send(int fd, const void *data, size_t size, int flags) {
    static ssize_t (*real)(int, const void *, size_t, int);
    if (!real) real = next("send");
    look_at_request(fd, (void *)data, size);
    return real(fd, data, size, flags);
}

ssize_t sendto(int fd, const void *data, size_t size, int flags, const struct sockaddr *to, socklen_t to_size) {
    static ssize_t (*real)(int, const void *, size_t, int, const struct sockaddr *, socklen_t);
    if (!real) real = next("sendto");
    look_at_request(fd, (void *)data, size);
    return real(fd, data, size, flags, to, to_size);
}

static char *put(char *at, unsigned short type, const void *data, size_t size) {
    struct rtattr *attribute = (struct rtattr *)at;
    attribute->rta_type = type;
    attribute->rta_len = RTA_LENGTH(size);
    memset(RTA_DATA(attribute), 0, RTA_ALIGN(size));
    memcpy(RTA_DATA(attribute), data, size);
    return at + RTA_SPACE(size);
}

static char *put_vf(char *at, unsigned index, const struct vf *vf) {
    char *start = at;
    struct ifla_vf_mac mac = {.vf = index};
    memcpy(mac.mac, vf->mac, 6);
    struct ifla_vf_vlan vlan = {index, vf->vlan, vf->qos};
    struct ifla_vf_rate rate = {index, vf->min_rate, vf->max_rate};
    struct ifla_vf_tx_rate tx_rate = {index, vf->max_rate};
    struct ifla_vf_spoofchk spoofcheck = {index, vf->spoofcheck};
    struct ifla_vf_link_state link = {index, vf->link};
    struct ifla_vf_rss_query_en rss = {index, 0};
    struct ifla_vf_trust trust = {index, vf->trust};
    at = put(at, IFLA_VF_INFO, "", 0);
    at = put(at, IFLA_VF_MAC, &mac, sizeof mac);
    at = put(at, IFLA_VF_VLAN, &vlan, sizeof vlan);
    at = put(at, IFLA_VF_RATE, &rate, sizeof rate);
    at = put(at, IFLA_VF_TX_RATE, &tx_rate, sizeof tx_rate);
    at = put(at, IFLA_VF_SPOOFCHK, &spoofcheck, sizeof spoofcheck);
    at = put(at, IFLA_VF_LINK_STATE, &link, sizeof link);
    at = put(at, IFLA_VF_RSS_QUERY_EN, &rss, sizeof rss);
    at = put(at, IFLA_VF_TRUST, &trust, sizeof trust);
    ((struct rtattr *)start)->rta_len = at - start;
    return at;
}

/* Writes that a link is of some kind, if the rig says so of a tap that stands for one. */
static char *put_kind(char *at, const char *netdev, int *pretended) {
    char path[64], kind[32] = "", *start = at;
    snprintf(path, sizeof path, FOLDER "/kinds/%s", netdev);
    FILE *file = fopen(path, "re");
    *pretended = file && fgets(kind, sizeof kind, file);
    if (file) fclose(file);
    if (!*pretended) return at;
    at = put(at, IFLA_LINKINFO, "", 0);
    at = put(at, IFLA_INFO_KIND, kind, strlen(kind) + 1);
    ((struct rtattr *)start)->rta_len = at - start;
    return at;
}

/* Copies one message about a link, as the driver of real hardware would have it; returns the end of the copy. */
static char *complete(int fd, const struct nlmsghdr *message, char *out, const char *end) {
    struct ifinfomsg *link = NLMSG_DATA(message);
    char name[IF_NAMESIZE] = "", address[32];
    int left = IFLA_PAYLOAD(message);
    for (struct rtattr *a = IFLA_RTA(link); RTA_OK(a, left); a = RTA_NEXT(a, left))
        if (a->rta_type == IFLA_IFNAME) snprintf(name, sizeof name, "%s", (char *)RTA_DATA(a));
    size_t whole = NLMSG_ALIGN(message->nlmsg_len);
    struct nlmsghdr *copy = (struct nlmsghdr *)out;
    int pretended = 0, room = out + whole + MOST_VFS * 256 < end;
    char *at = room ? put_kind(out + NLMSG_SPACE(sizeof *link), name, &pretended) : out;
    if (!room || (!pretended && !device_of(name, address))) {
        memcpy(out, message, message->nlmsg_len);
        return out + whole;
    }
    memcpy(out, message, NLMSG_LENGTH(sizeof *link));
    left = IFLA_PAYLOAD(message);
    for (struct rtattr *a = IFLA_RTA(link); RTA_OK(a, left); a = RTA_NEXT(a, left)) {
        /* Hardware is of no kind; only what stands on it is (its bridge, a macvtap). */
        if ((a->rta_type & NLA_TYPE_MASK) == IFLA_LINKINFO) {
            int inner_left = RTA_PAYLOAD(a), is_slave = 0;
            for (struct rtattr *i = RTA_DATA(a); RTA_OK(i, inner_left); i = RTA_NEXT(i, inner_left))
                is_slave = is_slave || i->rta_type == IFLA_INFO_SLAVE_KIND;
            if (!is_slave) continue;
        }
        memcpy(at, a, a->rta_len);
        at += RTA_ALIGN(a->rta_len);
    }
    struct port *port = malloc(sizeof *port);
    FILE *file = port ? open_table(name, port) : NULL;
    if (file) {
        fclose(file);
        at = put(at, IFLA_PERM_ADDRESS, port->permanent, 6);
        if (fd < (int)sizeof asked_for_vfs && asked_for_vfs[fd]) {
            at = put(at, IFLA_NUM_VF, &port->count, sizeof port->count);
            char *list = at;
            at = put(at, IFLA_VFINFO_LIST, "", 0);
            for (unsigned i = 0; i < port->count; i++) at = put_vf(at, i, &port->vf[i]);
            ((struct rtattr *)list)->rta_len = at - list;
        }
    }
    free(port);
    copy->nlmsg_len = at - out;
    return at;
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags) {
    static ssize_t (*real)(int, struct msghdr *, int);
    if (!real) real = next("recvmsg");
    if (!is_route_socket(fd)) return real(fd, message, flags);
    char *in = malloc(2 * ROOM), *out = in + ROOM;
    if (!in) return errno = ENOMEM, -1;
    struct iovec whole = {in, ROOM};
    struct msghdr mine = *message;
    mine.msg_iov = &whole, mine.msg_iovlen = 1;
    ssize_t n = real(fd, &mine, flags);
    if (n >= 0) {
        char *at = out;
        int left = n;
        for (struct nlmsghdr *m = (void *)in; NLMSG_OK(m, left); m = NLMSG_NEXT(m, left)) {
            if (m->nlmsg_type == RTM_NEWLINK) {
                at = complete(fd, m, at, out + ROOM);
            } else {
                memcpy(at, m, m->nlmsg_len);
                at += NLMSG_ALIGN(m->nlmsg_len);
            }
        }
        size_t size = at - out, copied = 0;
        for (size_t i = 0; i < message->msg_iovlen && copied < size; i++) {
            size_t part = message->msg_iov[i].iov_len < size - copied ? message->msg_iov[i].iov_len : size - copied;
            memcpy(message->msg_iov[i].iov_base, out + copied, part);
            copied += part;
        }
        message->msg_namelen = mine.msg_namelen;
        message->msg_controllen = mine.msg_controllen;
        message->msg_flags = mine.msg_flags | (copied < size ? MSG_TRUNC : 0);
        n = flags & MSG_TRUNC ? size : copied;
    }
    int saved = errno;
    free(in);
    errno = saved;
    return n;
}

/* ethtool -P: the MAC burnt into a port. */
int ioctl(int fd, unsigned long request, ...) {
    static int (*real)(int, unsigned long, void *);
    if (!real) real = next("ioctl");
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    int result = real(fd, request, argument);
    if (request != SIOCETHTOOL || result < 0) return result;
    struct ifreq *query = argument;
    struct ethtool_perm_addr *answer = (void *)query->ifr_data;
    if (answer->cmd != ETHTOOL_GPERMADDR) return result;
    struct port *port = malloc(sizeof *port);
    FILE *file = port ? open_table(query->ifr_name, port) : NULL;
    if (file) {
        memcpy(answer->data, port->permanent, 6);
        fclose(file);
    }
    free(port);
    return result;
}
