// libvirt's headers as a module, without linking libvirt: load.c defines the functions that vfpool uses.
#pragma once

// Before the push below: what libvirt's headers include of the C library must stay visible.
#include <sys/types.h>

// Hidden, so that our definitions are never taken for libvirt's own by another library in the process.
#pragma GCC visibility push(hidden)

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

enum {
    // The code of a virError that says: there is no libvirt to load. (A function missing in the libvirt that
    // was loaded is VIR_ERR_NO_SUPPORT, as when a driver lacks it.)
    VFPOOL_ERR_NO_LIBRARY = -1,
};

// virConnectAuthPtrDefault, or NULL without libvirt: a variable can't be forwarded to.
virConnectAuthPtr vfpool_auth_default(void);

// For tests. A function that no libvirt has: returns -1, and virGetLastError() says why.
int vfpool_no_such_function(void);

// For tests. Loads a library as libvirt is loaded: its handle, or NULL, and virGetLastError() says why.
void *vfpool_load(const char *name);

// For tests. From now on this thread's calls of the function named fail as they do when the connection is lost; of none, if
// it is NULL.
void vfpool_lose(const char *function);

#pragma GCC visibility pop
