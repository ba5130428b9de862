/* Generic netlink, of which devlink alone is ours: the mode of a card's switch, and its ports.
 *
 * A request to devlink is answered here. So that the program can wait for the answer as it likes, the real kernel gets a
 * message that it only acknowledges, and the acknowledgement is exchanged for the answer when it is read. */
#include "table.h"

#include <dirent.h>
#include <errno.h>
#include <linux/devlink.h>
#include <linux/genetlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define FAMILY 0x3d1
#define ROOM (1 << 16)
#define PLACE FOLDER "/devlink"

/* By file descriptor: the answer that is to come. */
static struct answer_to_come {
    char *text;
    size_t size;
    unsigned number;
} waiting[4096];

/* An answer that is being written, one message after the other. */
struct writer {
    char *text, *at;
    struct nlmsghdr *message;
    const struct nlmsghdr *request;
    int many;
};

static void begin(struct writer *w, unsigned short type, int command) {
    w->message = (struct nlmsghdr *)w->at;
    *w->message = (struct nlmsghdr){
        .nlmsg_type = type, .nlmsg_seq = w->request->nlmsg_seq, .nlmsg_flags = w->many ? NLM_F_MULTI : 0};
    w->at += NLMSG_HDRLEN;
    if (command < 0) return;
    *(struct genlmsghdr *)w->at = (struct genlmsghdr){.cmd = command, .version = 1};
    w->at += GENL_HDRLEN;
}

static void add(struct writer *w, unsigned short type, const void *data, size_t size) {
    struct nlattr *attribute = (struct nlattr *)w->at;
    *attribute = (struct nlattr){.nla_type = type, .nla_len = NLA_HDRLEN + size};
    memset(w->at + NLA_HDRLEN, 0, NLA_ALIGN(size));
    memcpy(w->at + NLA_HDRLEN, data, size);
    w->at += NLA_HDRLEN + NLA_ALIGN(size);
}

static void add_text(struct writer *w, unsigned short type, const char *text) { add(w, type, text, strlen(text) + 1); }
static void add_8(struct writer *w, unsigned short type, unsigned char value) { add(w, type, &value, 1); }
static void add_16(struct writer *w, unsigned short type, unsigned short value) { add(w, type, &value, 2); }
static void add_32(struct writer *w, unsigned short type, unsigned value) { add(w, type, &value, 4); }

static void end(struct writer *w) { w->message->nlmsg_len = w->at - (char *)w->message; }

/* An error, or 0: that it was done. */
static void acknowledge(struct writer *w, int error) {
    w->many = 0;
    begin(w, NLMSG_ERROR, -1);
    *(struct nlmsgerr *)w->at = (struct nlmsgerr){.error = -error, .msg = *w->request};
    w->at += NLMSG_ALIGN(sizeof(struct nlmsgerr));
    end(w);
}

/* An attribute of a request as text; NULL if it is not there. */
static const char *text_of(const struct nlmsghdr *request, unsigned short type) {
    const char *at = (const char *)NLMSG_DATA(request) + GENL_HDRLEN, *end = (const char *)request + request->nlmsg_len;
    while (at + NLA_HDRLEN <= end) {
        const struct nlattr *attribute = (const struct nlattr *)at;
        if (attribute->nla_len < NLA_HDRLEN || at + attribute->nla_len > end) return NULL;
        if ((attribute->nla_type & NLA_TYPE_MASK) == type) return at + NLA_HDRLEN;
        at += NLA_ALIGN(attribute->nla_len);
    }
    return NULL;
}

/* One PF, as the pretend kernel describes it: `mode switchdev pf 0`, then its ports. */
static FILE *open_card(const char *address, char mode[16], unsigned *pf) {
    char path[96];
    snprintf(path, sizeof path, PLACE "/%.31s", address);
    FILE *file = fopen(path, "re");
    if (file && fscanf(file, "mode %15s pf %u\n", mode, pf) == 2) return file;
    if (file) fclose(file);
    return NULL;
}

static void name_card(struct writer *w, int command, const char *address) {
    begin(w, FAMILY, command);
    add_text(w, DEVLINK_ATTR_BUS_NAME, "pci");
    add_text(w, DEVLINK_ATTR_DEV_NAME, address);
}

/* The VF itself: its MAC, and what may be turned on of it. (Linux 6.2 has DEVLINK_PORT_FN_ATTR_CAPS: bits, and which of them there
 * are; bit 0 is RoCE, bit 1 the hand-over of what is inside it.) */
static void add_function(struct writer *w, int has_switch, int is_on) {
    struct nlattr *function = (struct nlattr *)w->at;
    const unsigned char mac[6] = {0};
    const unsigned capabilities[2] = {1 | (is_on ? 2 : 0), 1 | (has_switch ? 2 : 0)};
    w->at += NLA_HDRLEN;
    add(w, DEVLINK_PORT_FUNCTION_ATTR_HW_ADDR, mac, sizeof mac);
    add(w, 4, capabilities, sizeof capabilities);
    *function = (struct nlattr){.nla_type = DEVLINK_ATTR_PORT_FUNCTION | NLA_F_NESTED, .nla_len = w->at - (char *)function};
}

static void tell_ports(struct writer *w, const char *address, unsigned pf, FILE *card) {
    unsigned index, netdev, number;
    char flavour[16], name[IF_NAMESIZE], migratable[8];
    while (fscanf(card, "port %u %15s %u %u %7s\n", &index, flavour, &netdev, &number, migratable) == 5) {
        int is_vf = strcmp(flavour, "pcivf") == 0;
        name_card(w, DEVLINK_CMD_PORT_NEW, address);
        add_32(w, DEVLINK_ATTR_PORT_INDEX, index);
        add_16(w, DEVLINK_ATTR_PORT_TYPE, DEVLINK_PORT_TYPE_ETH);
        add_32(w, DEVLINK_ATTR_PORT_NETDEV_IFINDEX, netdev);
        if (if_indextoname(netdev, name)) add_text(w, DEVLINK_ATTR_PORT_NETDEV_NAME, name);
        add_16(w, DEVLINK_ATTR_PORT_FLAVOUR, is_vf ? DEVLINK_PORT_FLAVOUR_PCI_VF : DEVLINK_PORT_FLAVOUR_PHYSICAL);
        if (is_vf) {
            add_32(w, DEVLINK_ATTR_PORT_CONTROLLER_NUMBER, 0);
            add_16(w, DEVLINK_ATTR_PORT_PCI_PF_NUMBER, pf);
            add_16(w, DEVLINK_ATTR_PORT_PCI_VF_NUMBER, number);
            add_8(w, DEVLINK_ATTR_PORT_EXTERNAL, 0);
            add_function(w, strcmp(migratable, "-") != 0, strcmp(migratable, "on") == 0);
        } else {
            add_32(w, DEVLINK_ATTR_PORT_NUMBER, number);
        }
        end(w);
    }
}

/* What is asked of one PF. */
static int tell(struct writer *w, int command, const char *address) {
    char mode[16];
    unsigned pf;
    FILE *card = open_card(address, mode, &pf);
    if (!card) return ENODEV;
    if (command == DEVLINK_CMD_PORT_GET) {
        tell_ports(w, address, pf, card);
    } else {
        name_card(w, command == DEVLINK_CMD_GET ? DEVLINK_CMD_NEW : command, address);
        if (command == DEVLINK_CMD_ESWITCH_GET) {
            int is_switchdev = strcmp(mode, "switchdev") == 0;
            add_16(w, DEVLINK_ATTR_ESWITCH_MODE, is_switchdev ? DEVLINK_ESWITCH_MODE_SWITCHDEV : DEVLINK_ESWITCH_MODE_LEGACY);
            add_8(w, DEVLINK_ATTR_ESWITCH_INLINE_MODE, DEVLINK_ESWITCH_INLINE_MODE_NONE);
            add_8(w, DEVLINK_ATTR_ESWITCH_ENCAP_MODE, DEVLINK_ESWITCH_ENCAP_MODE_BASIC);
        }
        end(w);
    }
    fclose(card);
    return 0;
}

static int set_mode(const struct nlmsghdr *request, const char *address) {
    char text[160];
    const char *mode = text_of(request, DEVLINK_ATTR_ESWITCH_MODE);
    if (!mode) return EINVAL;
    unsigned short number;
    memcpy(&number, mode, sizeof number);
    snprintf(text, sizeof text, "{\"do\":\"eswitch\",\"address\":\"%.31s\",\"mode\":\"%s\"}\n", address,
             number == DEVLINK_ESWITCH_MODE_SWITCHDEV ? "switchdev" : "legacy");
    return tell_kernel(text) ? 0 : EINVAL;
}

static void tell_family(struct writer *w) {
    begin(w, GENL_ID_CTRL, CTRL_CMD_NEWFAMILY);
    add_text(w, CTRL_ATTR_FAMILY_NAME, DEVLINK_GENL_NAME);
    add_16(w, CTRL_ATTR_FAMILY_ID, FAMILY);
    add_32(w, CTRL_ATTR_VERSION, DEVLINK_GENL_VERSION);
    add_32(w, CTRL_ATTR_HDRSIZE, 0);
    add_32(w, CTRL_ATTR_MAXATTR, DEVLINK_ATTR_MAX);
    end(w);
}

static void answer(struct writer *w) {
    const struct genlmsghdr *what = NLMSG_DATA(w->request);
    const char *address = text_of(w->request, DEVLINK_ATTR_DEV_NAME);
    int error = 0;
    if (w->request->nlmsg_type == GENL_ID_CTRL) {
        tell_family(w);
    } else if (what->cmd == DEVLINK_CMD_ESWITCH_SET) {
        error = address ? set_mode(w->request, address) : EINVAL;
    } else if (what->cmd != DEVLINK_CMD_GET && what->cmd != DEVLINK_CMD_PORT_GET && what->cmd != DEVLINK_CMD_ESWITCH_GET) {
        error = EOPNOTSUPP;
    } else if (w->request->nlmsg_flags & NLM_F_DUMP) {
        w->many = 1;
        DIR *folder = opendir(PLACE);
        for (struct dirent *entry; folder && (entry = readdir(folder));)
            if (entry->d_name[0] != '.' && w->at - w->text < ROOM / 2) tell(w, what->cmd, entry->d_name);
        if (folder) closedir(folder);
        begin(w, NLMSG_DONE, -1);
        *(int *)w->at = 0;
        w->at += NLMSG_ALIGN(sizeof(int));
        end(w);
        return;
    } else {
        error = address ? tell(w, what->cmd, address) : EINVAL;
    }
    if (error || w->request->nlmsg_flags & NLM_F_ACK) acknowledge(w, error);
}

ssize_t send_generic(int fd, const void *data, size_t size, int flags) {
    const struct nlmsghdr *request = data;
    if (size < NLMSG_LENGTH(GENL_HDRLEN) || request->nlmsg_len > size || fd >= (int)(sizeof waiting / sizeof *waiting))
        return -1;
    if (!is_netlink(fd, NETLINK_GENERIC)) return -1;
    DIR *folder = opendir(PLACE);
    if (!folder) return -1;
    closedir(folder);
    const char *family = request->nlmsg_type == GENL_ID_CTRL ? text_of(request, CTRL_ATTR_FAMILY_NAME) : NULL;
    if (request->nlmsg_type != FAMILY && !(family && strcmp(family, DEVLINK_GENL_NAME) == 0)) return -1;
    static ssize_t (*real)(int, const void *, size_t, int);
    if (!real) real = next("send");
    struct nlmsghdr nothing = {NLMSG_HDRLEN, NLMSG_NOOP, NLM_F_REQUEST | NLM_F_ACK, request->nlmsg_seq, 0};
    ssize_t sent = real(fd, &nothing, sizeof nothing, flags);
    if (sent < 0) return sent;
    struct writer w = {.text = malloc(ROOM), .request = request};
    if (!w.text) return errno = ENOMEM, -1;
    w.at = w.text;
    answer(&w);
    free(waiting[fd].text);
    waiting[fd] = (struct answer_to_come){w.text, w.at - w.text, request->nlmsg_seq};
    return size;
}

size_t answer_generic(int fd, char *text, size_t size, size_t room, int flags) {
    const struct nlmsghdr *message = (const struct nlmsghdr *)text;
    if (fd >= (int)(sizeof waiting / sizeof *waiting) || !waiting[fd].text || size < NLMSG_LENGTH(sizeof(struct nlmsgerr)))
        return size;
    const struct nlmsgerr *about = NLMSG_DATA(message);
    if (message->nlmsg_type != NLMSG_ERROR || message->nlmsg_seq != waiting[fd].number || about->msg.nlmsg_type != NLMSG_NOOP)
        return size;
    size = waiting[fd].size < room ? waiting[fd].size : room;
    memcpy(text, waiting[fd].text, size);
    if (!(flags & MSG_PEEK)) {
        free(waiting[fd].text);
        waiting[fd].text = NULL;
    }
    return size;
}
