// The libvirt functions that vfpool uses, each forwarding to libvirt.so, which is loaded at the first call.
//
// Linking libvirt would cost every command 8 ms at its start, `vfpool --version` too. Without libvirt, or with one too
// old to have a function, a call fails as libvirt's own do: it returns NULL or -1, and virGetLastError() says why.

#define _GNU_SOURCE
#include "CLibvirt.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

// What kept this thread's last call from reaching libvirt; code 0 if it reached it.
static _Thread_local virError failure;
static _Thread_local char failure_message[256];

// The function that fails on this thread, and how often, for tests. The name is kept: the caller's text is gone by then.
static _Thread_local char lost[64];
static _Thread_local int lost_calls;

void vfpool_lose(const char *function, int calls) {
    snprintf(lost, sizeof lost, "%s", function ? function : "");
    lost_calls = calls;
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static void *library;
static char library_missing[256];

static void fail(int code, const char *problem, const char *subject) {
    snprintf(failure_message, sizeof failure_message, "%s%s", problem, subject);
    failure = (virError){.code = code, .domain = VIR_FROM_NONE, .level = VIR_ERR_ERROR, .message = failure_message};
}

void *vfpool_load(const char *name) {
    void *handle = dlopen(name, RTLD_LAZY | RTLD_LOCAL);
    if (!handle) fail(VFPOOL_ERR_NO_LIBRARY, "cannot load libvirt: ", dlerror());
    return handle;
}

// libvirt prints every error to stderr unless told what else to do with it. We read them instead.
static void print_nothing(void *data, virErrorPtr error) { (void)data, (void)error; }

static void load_libvirt(void) {
    library = vfpool_load("libvirt.so.0");
    if (!library) {
        snprintf(library_missing, sizeof library_missing, "%s", failure_message);
        return;
    }
    __typeof__(virSetErrorFunc) *set = (__typeof__(virSetErrorFunc) *)dlsym(library, "virSetErrorFunc");
    if (set) set(NULL, print_nothing);
}

// The address of a libvirt function or variable; NULL, with `failure` set, if there is none.
static void *find(const char *name, void *_Atomic *known) {
    failure.code = VIR_ERR_OK;
    if (lost_calls && !strcmp(lost, name)) {
        lost_calls--;
        fail(VIR_ERR_RPC, "no answer to %s, on cue", name);
        failure.domain = VIR_FROM_RPC;
        return NULL;
    }
    void *address = atomic_load_explicit(known, memory_order_acquire);
    if (address) return address;
    pthread_once(&once, load_libvirt);
    if (!library) {
        fail(VFPOOL_ERR_NO_LIBRARY, "", library_missing);
        return NULL;
    }
    address = dlsym(library, name);
    if (!address) fail(VIR_ERR_NO_SUPPORT, "this libvirt has no ", name);
    atomic_store_explicit(known, address, memory_order_release);
    return address;
}

virErrorPtr virGetLastError(void) {
    static void *_Atomic known;
    if (failure.code) return &failure;
    __typeof__(virGetLastError) *call = (__typeof__(virGetLastError) *)find("virGetLastError", &known);
    return call ? call() : &failure;
}

static atomic_int asking;

bool vfpool_is_asking(void) { return atomic_load(&asking) > 0; }

static int ask(virConnectCredentialPtr credentials, unsigned count, void *data) {
    virConnectAuthPtr usual = data;
    atomic_fetch_add(&asking, 1);
    int result = usual->cb(credentials, count, usual->cbdata);
    atomic_fetch_sub(&asking, 1);
    return result;
}

virConnectAuthPtr vfpool_auth(void) {
    static void *_Atomic known;
    static _Thread_local virConnectAuth auth;
    // A variable can't be forwarded to.
    virConnectAuthPtr *variable = find("virConnectAuthPtrDefault", &known);
    if (!variable || !*variable) return NULL;
    auth = **variable;
    auth.cb = ask;
    auth.cbdata = *variable;
    return &auth;
}

pid_t vfpool_thread(void) { return gettid(); }

static _Thread_local bool watched;

bool vfpool_is_watched(void) { return watched; }
void vfpool_set_watched(bool is_watched) { watched = is_watched; }

#define FORWARD(type, failed, name, parameters, arguments)                        \
    type name parameters {                                                        \
        static void *_Atomic known;                                               \
        __typeof__(name) *call = (__typeof__(name) *)find(#name, &known);         \
        return call ? call arguments : (failed);                                  \
    }
#define OBJECT(type, name, parameters, arguments) FORWARD(type, NULL, name, parameters, arguments)
#define NUMBER(name, parameters, arguments) FORWARD(int, -1, name, parameters, arguments)

NUMBER(vfpool_no_such_function, (void), ())

NUMBER(virInitialize, (void), ())
NUMBER(virGetVersion, (unsigned long *lib, const char *type, unsigned long *hv), (lib, type, hv))
NUMBER(virEventRegisterDefaultImpl, (void), ())
NUMBER(virEventRunDefaultImpl, (void), ())

OBJECT(virConnectPtr, virConnectOpenAuth, (const char *uri, virConnectAuthPtr auth, unsigned flags), (uri, auth, flags))
NUMBER(virConnectClose, (virConnectPtr conn), (conn))
NUMBER(virConnectIsAlive, (virConnectPtr conn), (conn))
NUMBER(virConnectSetKeepAlive, (virConnectPtr conn, int seconds, unsigned count), (conn, seconds, count))
NUMBER(virConnectGetVersion, (virConnectPtr conn, unsigned long *version), (conn, version))
NUMBER(virConnectGetLibVersion, (virConnectPtr conn, unsigned long *version), (conn, version))
OBJECT(char *, virConnectGetURI, (virConnectPtr conn), (conn))
OBJECT(char *, virConnectGetHostname, (virConnectPtr conn), (conn))
OBJECT(char *, virConnectGetCapabilities, (virConnectPtr conn), (conn))
OBJECT(const char *, virConnectGetType, (virConnectPtr conn), (conn))
NUMBER(virConnectListAllDomains, (virConnectPtr conn, virDomainPtr **all, unsigned flags), (conn, all, flags))
NUMBER(virConnectListAllNetworks, (virConnectPtr conn, virNetworkPtr **all, unsigned flags), (conn, all, flags))
NUMBER(virConnectListAllNodeDevices, (virConnectPtr conn, virNodeDevicePtr **all, unsigned flags), (conn, all, flags))
NUMBER(virConnectDomainEventRegisterAny,
       (virConnectPtr conn, virDomainPtr domain, int event, virConnectDomainEventGenericCallback callback, void *opaque,
        virFreeCallback release),
       (conn, domain, event, callback, opaque, release))
NUMBER(virConnectDomainEventDeregisterAny, (virConnectPtr conn, int callback), (conn, callback))
NUMBER(virConnectNetworkEventRegisterAny,
       (virConnectPtr conn, virNetworkPtr network, int event, virConnectNetworkEventGenericCallback callback,
        void *opaque, virFreeCallback release),
       (conn, network, event, callback, opaque, release))
NUMBER(virConnectNetworkEventDeregisterAny, (virConnectPtr conn, int callback), (conn, callback))

OBJECT(virDomainPtr, virDomainLookupByName, (virConnectPtr conn, const char *name), (conn, name))
OBJECT(virDomainPtr, virDomainLookupByUUIDString, (virConnectPtr conn, const char *uuid), (conn, uuid))
OBJECT(virDomainPtr, virDomainDefineXMLFlags, (virConnectPtr conn, const char *xml, unsigned flags), (conn, xml, flags))
NUMBER(virDomainFree, (virDomainPtr domain), (domain))
OBJECT(const char *, virDomainGetName, (virDomainPtr domain), (domain))
NUMBER(virDomainGetUUIDString, (virDomainPtr domain, char *buffer), (domain, buffer))
FORWARD(unsigned, -1, virDomainGetID, (virDomainPtr domain), (domain))
NUMBER(virDomainIsActive, (virDomainPtr domain), (domain))
NUMBER(virDomainGetState, (virDomainPtr domain, int *state, int *reason, unsigned flags), (domain, state, reason, flags))
NUMBER(virDomainIsPersistent, (virDomainPtr domain), (domain))
NUMBER(virDomainGetAutostart, (virDomainPtr domain, int *autostart), (domain, autostart))
NUMBER(virDomainHasManagedSaveImage, (virDomainPtr domain, unsigned flags), (domain, flags))
NUMBER(virDomainSnapshotNum, (virDomainPtr domain, unsigned flags), (domain, flags))
NUMBER(virDomainInterfaceAddresses,
       (virDomainPtr domain, virDomainInterfacePtr **interfaces, unsigned source, unsigned flags),
       (domain, interfaces, source, flags))
FORWARD(void, (void)0, virDomainInterfaceFree, (virDomainInterfacePtr interface), (interface))
OBJECT(char *, virDomainGetXMLDesc, (virDomainPtr domain, unsigned flags), (domain, flags))
NUMBER(virDomainAttachDeviceFlags, (virDomainPtr domain, const char *xml, unsigned flags), (domain, xml, flags))
NUMBER(virDomainDetachDeviceFlags, (virDomainPtr domain, const char *xml, unsigned flags), (domain, xml, flags))
NUMBER(virDomainUpdateDeviceFlags, (virDomainPtr domain, const char *xml, unsigned flags), (domain, xml, flags))
NUMBER(virDomainCreate, (virDomainPtr domain), (domain))
NUMBER(virDomainShutdown, (virDomainPtr domain), (domain))
NUMBER(virDomainDestroy, (virDomainPtr domain), (domain))
NUMBER(virDomainUndefineFlags, (virDomainPtr domain, unsigned flags), (domain, flags))

OBJECT(virNetworkPtr, virNetworkLookupByName, (virConnectPtr conn, const char *name), (conn, name))
OBJECT(virNetworkPtr, virNetworkDefineXML, (virConnectPtr conn, const char *xml), (conn, xml))
OBJECT(virNetworkPtr, virNetworkDefineXMLFlags, (virConnectPtr conn, const char *xml, unsigned flags),
       (conn, xml, flags))
NUMBER(virNetworkFree, (virNetworkPtr network), (network))
OBJECT(const char *, virNetworkGetName, (virNetworkPtr network), (network))
NUMBER(virNetworkGetUUIDString, (virNetworkPtr network, char *buffer), (network, buffer))
NUMBER(virNetworkIsActive, (virNetworkPtr network), (network))
NUMBER(virNetworkIsPersistent, (virNetworkPtr network), (network))
NUMBER(virNetworkGetAutostart, (virNetworkPtr network, int *autostart), (network, autostart))
NUMBER(virNetworkSetAutostart, (virNetworkPtr network, int autostart), (network, autostart))
OBJECT(char *, virNetworkGetXMLDesc, (virNetworkPtr network, unsigned flags), (network, flags))
NUMBER(virNetworkCreate, (virNetworkPtr network), (network))
NUMBER(virNetworkDestroy, (virNetworkPtr network), (network))
NUMBER(virNetworkUndefine, (virNetworkPtr network), (network))

NUMBER(virNetworkListAllPorts, (virNetworkPtr network, virNetworkPortPtr **all, unsigned flags), (network, all, flags))
OBJECT(virNetworkPortPtr, virNetworkPortLookupByUUIDString, (virNetworkPtr network, const char *uuid), (network, uuid))
OBJECT(virNetworkPortPtr, virNetworkPortCreateXML, (virNetworkPtr network, const char *xml, unsigned flags),
       (network, xml, flags))
NUMBER(virNetworkPortFree, (virNetworkPortPtr port), (port))
NUMBER(virNetworkPortGetUUIDString, (virNetworkPortPtr port, char *buffer), (port, buffer))
OBJECT(char *, virNetworkPortGetXMLDesc, (virNetworkPortPtr port, unsigned flags), (port, flags))
NUMBER(virNetworkPortDelete, (virNetworkPortPtr port, unsigned flags), (port, flags))

OBJECT(virInterfacePtr, virInterfaceLookupByName, (virConnectPtr conn, const char *name), (conn, name))
NUMBER(virInterfaceFree, (virInterfacePtr interface), (interface))

OBJECT(virNodeDevicePtr, virNodeDeviceLookupByName, (virConnectPtr conn, const char *name), (conn, name))
NUMBER(virNodeDeviceFree, (virNodeDevicePtr device), (device))
OBJECT(const char *, virNodeDeviceGetName, (virNodeDevicePtr device), (device))
OBJECT(char *, virNodeDeviceGetXMLDesc, (virNodeDevicePtr device, unsigned flags), (device, flags))
