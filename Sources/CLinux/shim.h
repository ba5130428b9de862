// What glibc has and Swift's Glibc module leaves out.
#pragma once

#include <sys/signalfd.h>
#include <syslog.h>

// Declared only with _GNU_SOURCE, which a module can't set for the headers that Glibc has read already. See syncfs(2).
extern int syncfs(int descriptor);

// Also with _GNU_SOURCE only: a descriptor that only says where a file is. See open(2).
enum { vfpool_O_PATH = 010000000 };

// Also with _GNU_SOURCE only. See memmem(3).
extern void *memmem(const void *text, __SIZE_TYPE__ length, const void *other, __SIZE_TYPE__ count);

// Not in Swift's Glibc module. See getxattr(2).
extern long getxattr(const char *path, const char *name, void *value, __SIZE_TYPE__ size);

// Also with _GNU_SOURCE only: a pipe whose ends no child inherits, and a child in a session of its own. See pipe2(2), posix_spawn(3).
extern int pipe2(int ends[2], int flags);
enum { vfpool_POSIX_SPAWN_SETSID = 0x80 };

// A line in the system's log. It is C because Swift has no variadic functions of C, and a text must never be the format:
// it holds names from outside. And openlog keeps the pointer to the name that it is given, so that has to last.
static inline void vfpool_log(int priority, const char *text) {
    openlog("vfpool", LOG_PID, LOG_DAEMON);
    syslog(priority, "%s", text);
}
