/*
 * The part of the pretend kernel that lives in its programs: loaded into libvirtd and every command run on the rig.
 *
 * The rig's ports are taps, which have no virtual functions. So this library completes what the real kernel says and
 * hears on a route socket: an answer about a port gets the port's VF table (IFLA_NUM_VF, IFLA_VFINFO_LIST), and a
 * request that sets a VF's MAC, VLAN, … is noted in that table instead of being refused. Above it, everything is the
 * unmodified code of libvirt, libnl and ip(8).
 *
 * The table of a port is a text file, /dev/rig/vf/<PCI address of the port>, that tests can read:
 *     permanent a0:36:9f:03:00:00
 *     0 52:54:00:00:00:01 vlan 0 qos 0 spoofcheck 1 trust 0 link 0 rate 0 0
 * and each change is one line more in /dev/rig/vf/history.
 */
#pragma once
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>

#define FOLDER "/dev/rig" /* a link to the rig's folder, and only there inside a rig */
#define MOST_VFS 256

struct vf {
    unsigned char mac[6];
    unsigned vlan, qos, spoofcheck, trust, link, min_rate, max_rate;
};

struct port {
    char address[32];
    unsigned char permanent[6];
    unsigned count;
    struct vf vf[MOST_VFS];
};

/* What this library puts itself in front of. */
static inline void *next(const char *name) { return dlsym(RTLD_NEXT, name); }

#pragma GCC visibility push(hidden)

/* The PCI address behind a netdev; false if it is none of hardware. */
int device_of(const char *netdev, char address[32]);

/* Opens and locks the table of a port; NULL if the netdev is no port with VFs. To be closed. */
FILE *open_table(const char *netdev, struct port *port);
void save_table(FILE *file, const struct port *port);

/* One line more in the history. */
void note(const char *netdev, const struct port *port, unsigned vf, const char *format, ...);
const char *print_mac(const unsigned char mac[6], char text[18]);

#pragma GCC visibility pop
