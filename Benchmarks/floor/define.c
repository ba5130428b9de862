/*
 * define URI FOLDER: defines every guest whose ready document is a file in FOLDER, one by one on one connection, and nothing
 * else. Prints how many.
 */
#include <dirent.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fail(const char *what, const char *why) {
    fprintf(stderr, "define: %s: %s\n", what, why);
    exit(1);
}

static char *text(const char *path) {
    FILE *file = fopen(path, "re");
    char *text = NULL;
    size_t size = 0;
    if (!file || getdelim(&text, &size, '\0', file) < 0) fail(path, "cannot be read");
    fclose(file);
    return text;
}

static int is_document(const struct dirent *entry) { return entry->d_name[0] != '.'; }

int main(int count, char **words) {
    if (count != 3) return fputs("usage: define URI FOLDER\n", stderr), 2;
    struct dirent **entries;
    int found = scandir(words[2], &entries, is_document, alphasort);
    if (found < 0) fail(words[2], "cannot be read");
    virConnectPtr connection = virConnectOpen(words[1]);
    if (!connection) fail(words[1], virGetLastErrorMessage());
    for (int i = 0; i < found; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", words[2], entries[i]->d_name);
        char *document = text(path);
        virDomainPtr guest = virDomainDefineXMLFlags(connection, document, 0);
        if (!guest) fail(path, virGetLastErrorMessage());
        virDomainFree(guest);
        free(document);
        free(entries[i]);
    }
    free(entries);
    virConnectClose(connection);
    printf("{\"guests\": %d}\n", found);
    return 0;
}
