/* The VF tables: see table.h. */
#include "table.h"

#include <stdarg.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static int read_mac(const char *text, unsigned char mac[6]) {
    return sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", mac, mac + 1, mac + 2, mac + 3, mac + 4, mac + 5) == 6;
}

const char *print_mac(const unsigned char m[6], char text[18]) {
    snprintf(text, 18, "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4], m[5]);
    return text;
}

int device_of(const char *netdev, char address[32]) {
    char path[128], target[256];
    snprintf(path, sizeof path, "/sys/class/net/%s/device", netdev);
    ssize_t n = readlink(path, target, sizeof target - 1);
    if (n <= 0) return 0;
    target[n] = 0;
    const char *base = strrchr(target, '/');
    snprintf(address, 32, "%.31s", base ? base + 1 : target);
    return 1;
}

FILE *open_table(const char *netdev, struct port *port) {
    char path[64];
    if (!device_of(netdev, port->address)) return NULL;
    snprintf(path, sizeof path, FOLDER "/vf/%s", port->address);
    FILE *file = fopen(path, "r+e");
    if (!file) return NULL;
    flock(fileno(file), LOCK_EX);
    char line[256], mac[32];
    port->count = 0;
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "permanent %31s", mac) == 1) {
            read_mac(mac, port->permanent);
        } else if (port->count < MOST_VFS) {
            struct vf *vf = &port->vf[port->count];
            if (sscanf(line, "%*u %31s vlan %u qos %u spoofcheck %u trust %u link %u rate %u %u", mac, &vf->vlan,
                       &vf->qos, &vf->spoofcheck, &vf->trust, &vf->link, &vf->min_rate, &vf->max_rate) == 8
                && read_mac(mac, vf->mac))
                port->count++;
        }
    }
    return file;
}

void save_table(FILE *file, const struct port *port) {
    char text[18];
    rewind(file);
    if (ftruncate(fileno(file), 0) < 0) return;
    fprintf(file, "permanent %s\n", print_mac(port->permanent, text));
    for (unsigned i = 0; i < port->count; i++) {
        const struct vf *vf = &port->vf[i];
        fprintf(file, "%u %s vlan %u qos %u spoofcheck %u trust %u link %u rate %u %u\n", i, print_mac(vf->mac, text),
                vf->vlan, vf->qos, vf->spoofcheck, vf->trust, vf->link, vf->min_rate, vf->max_rate);
    }
    fflush(file);
}

void note(const char *netdev, const struct port *port, unsigned vf, const char *format, ...) {
    char line[256];
    FILE *file = fopen(FOLDER "/vf/history", "ae");
    if (!file) return;
    int n = snprintf(line, sizeof line, "%s %s vf %u ", netdev, port->address, vf);
    va_list arguments;
    va_start(arguments, format);
    n += vsnprintf(line + n, sizeof line - n, format, arguments);
    va_end(arguments);
    fprintf(file, "%s\n", line);
    fclose(file);
}
