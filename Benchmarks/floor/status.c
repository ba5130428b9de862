/*
 * status URI: the libvirt calls that `vfpool status` has to make, one by one on one connection, and nothing else.
 *
 * Prints what it saw, so that the run can check that both did the same work.
 */
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t bytes;

static void fail(const char *what) {
    fprintf(stderr, "status: %s: %s\n", what, virGetLastErrorMessage());
    exit(1);
}

/* Takes a document that libvirt gave us. */
static void take(char *xml, const char *what) {
    if (!xml) fail(what);
    bytes += strlen(xml);
    free(xml);
}

static int read_guests(virConnectPtr connection, int *running) {
    virDomainPtr *guests;
    int count = virConnectListAllDomains(connection, &guests, 0);
    if (count < 0) fail("the guests");
    for (int i = 0; i < count; i++) {
        take(virDomainGetXMLDesc(guests[i], VIR_DOMAIN_XML_INACTIVE), "a guest's next document");
        if (virDomainGetID(guests[i]) != (unsigned)-1) {
            take(virDomainGetXMLDesc(guests[i], 0), "a guest's live document");
            *running += 1;
        }
        virDomainFree(guests[i]);
    }
    free(guests);
    return count;
}

static int read_ports(virNetworkPtr network) {
    virNetworkPortPtr *ports;
    int count = virNetworkListAllPorts(network, &ports, 0);
    if (count < 0) fail("the ports of a network");
    for (int i = 0; i < count; i++) {
        take(virNetworkPortGetXMLDesc(ports[i], 0), "a port");
        virNetworkPortFree(ports[i]);
    }
    free(ports);
    return count;
}

static int read_networks(virConnectPtr connection, int *ports) {
    virNetworkPtr *networks;
    int count = virConnectListAllNetworks(connection, &networks, 0);
    if (count < 0) fail("the networks");
    for (int i = 0; i < count; i++) {
        take(virNetworkGetXMLDesc(networks[i], VIR_NETWORK_XML_INACTIVE), "a network's next document");
        if (virNetworkIsActive(networks[i]) == 1) {
            take(virNetworkGetXMLDesc(networks[i], 0), "a network's live document");
            *ports += read_ports(networks[i]);
        }
        virNetworkFree(networks[i]);
    }
    free(networks);
    return count;
}

int main(int count, char **words) {
    if (count != 2) return fputs("usage: status URI\n", stderr), 2;
    virConnectPtr connection = virConnectOpenReadOnly(words[1]);
    if (!connection) fail(words[1]);
    int running = 0, ports = 0;
    int guests = read_guests(connection, &running);
    int networks = read_networks(connection, &ports);
    virConnectClose(connection);
    printf("{\"guests\": %d, \"running\": %d, \"networks\": %d, \"ports\": %d, \"bytes\": %zu}\n", guests, running, networks, ports,
           bytes);
    return 0;
}
