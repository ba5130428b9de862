/*
 * measure FILE COMMAND [ARGUMENT...]: runs a command and writes its wall time and processor time in microseconds, its peak memory
 * in KiB and its exit status to FILE.
 *
 * In C because a process inherits the peak of the one that starts it: after Python, no command would seem to need less than 10 MiB.
 */
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}

static long long microseconds(struct timeval time) { return time.tv_sec * 1000000LL + time.tv_usec; }

int main(int count, char **words) {
    if (count < 3) return fputs("usage: measure FILE COMMAND [ARGUMENT...]\n", stderr), 2;
    pid_t child;
    int status;
    struct rusage usage;
    long long start = now();
    int error = posix_spawnp(&child, words[2], NULL, NULL, words + 2, environ);
    if (error) return fprintf(stderr, "measure: %s: %s\n", words[2], strerror(error)), 2;
    while (wait4(child, &status, 0, &usage) < 0)
        if (errno != EINTR) return perror("measure"), 2;
    long long end = now();
    FILE *file = fopen(words[1], "we");
    if (!file) return perror(words[1]), 2;
    fprintf(file, "%lld %lld %ld %d\n", end - start, microseconds(usage.ru_utime) + microseconds(usage.ru_stime), usage.ru_maxrss,
            WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return fclose(file) ? 2 : 0;
}
