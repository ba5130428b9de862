/*
 * look SECONDS COUNT NETDEV...: asks the kernel what has gone through these PFs' VFs, COUNT times, SECONDS apart: the floor of `vfpool top`.
 */
#include <arpa/inet.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static char answer[128 * 1024];

/* How many VFs there are by the kernel's answer. */
static unsigned look(int fd, unsigned index) {
    struct {
        struct nlmsghdr header;
        struct ifinfomsg link;
        struct rtattr mask;
        unsigned filter;
    } question = {{sizeof question, RTM_GETLINK, NLM_F_REQUEST, 1, 0}, {.ifi_index = index}, {RTA_LENGTH(4), IFLA_EXT_MASK}, RTEXT_FILTER_VF};
    if (send(fd, &question, sizeof question, 0) < 0) return perror("send"), 0;
    struct iovec whole = {answer, sizeof answer};
    struct msghdr message = {.msg_iov = &whole, .msg_iovlen = 1};
    ssize_t size = recvmsg(fd, &message, 0);
    struct nlmsghdr *header = (void *)answer;
    if (size < 0 || !NLMSG_OK(header, size) || header->nlmsg_type != RTM_NEWLINK) return fputs("look: no answer\n", stderr), 0;
    int left = IFLA_PAYLOAD(header);
    for (struct rtattr *a = IFLA_RTA((struct ifinfomsg *)NLMSG_DATA(header)); RTA_OK(a, left); a = RTA_NEXT(a, left))
        if (a->rta_type == IFLA_NUM_VF) return *(unsigned *)RTA_DATA(a);
    return 0;
}

int main(int count, char **words) {
    if (count < 4) return fputs("usage: look SECONDS COUNT NETDEV...\n", stderr), 2;
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (fd < 0) return perror("socket"), 2;
    unsigned vfs = 0;
    for (int left = atoi(words[2]); left > 0; left--) {
        vfs = 0;
        for (int i = 3; i < count; i++) vfs += look(fd, if_nametoindex(words[i]));
        if (left > 1) usleep(atof(words[1]) * 1e6);
    }
    return printf("%u\n", vfs) < 0;
}
