// libvirt's headers as a module, without linking libvirt: load.c defines the functions that vfpool uses.
#pragma once

// Before the push below: what libvirt's headers include of the C library must stay visible.
#include <stdbool.h>
#include <sys/types.h>

// Hidden, so that our definitions are never taken for libvirt's own by another library in the process.
#pragma GCC visibility push(hidden)

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

enum {
    // The code of a virError that says: there is no libvirt to load. (A function missing in the libvirt that
    // was loaded is VIR_ERR_NO_SUPPORT, as when a driver lacks it.)
    VFPOOL_ERR_NO_LIBRARY = -1,
    // Not of a call, but of one who waited for it long enough.
    VFPOOL_ERR_NO_ANSWER = -2,
};

// As virConnectAuthPtrDefault, which asks on the terminal; NULL without libvirt.
virConnectAuthPtr vfpool_auth(void);

// Whether it is asking just now.
bool vfpool_is_asking(void);

// The kernel's number of this thread.
pid_t vfpool_thread(void);

// Of this thread; see Worker.swift.
bool vfpool_is_watched(void);
void vfpool_set_watched(bool is_watched);

// For tests. A function that no libvirt has: returns -1, and virGetLastError() says why.
int vfpool_no_such_function(void);

// For tests. Loads a library as libvirt is loaded: its handle, or NULL, and virGetLastError() says why.
void *vfpool_load(const char *name);

// For tests. The next calls, so many, of the function named fail on this thread as they do when the connection is lost.
void vfpool_lose(const char *function, int calls);

#pragma GCC visibility pop
