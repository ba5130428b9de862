/*
 * measure [-t SECONDS] FILE COMMAND [ARGUMENT...]: runs a command and writes its wall time and processor time in microseconds, its peak memory
 * in KiB and its exit status to FILE. With -t the command has a terminal of 80 by 24, on which q is pressed after so many seconds.
 *
 * In C because a process inherits the peak of the one that starts it: after Python, no command would seem to need less than 10 MiB.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}

static long long microseconds(struct timeval time) { return time.tv_sec * 1000000LL + time.tv_usec; }

/* Runs it on a terminal until q ends it, and copies what it draws. */
static pid_t on_terminal(double seconds, char **words) {
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    int terminal;
    pid_t child = forkpty(&terminal, NULL, NULL, &size);
    if (child == 0) {
        setenv("TERM", "xterm", 1);
        execvp(words[0], words);
        _exit(127);
    }
    long long end = now() + seconds * 1e6;
    char drawn[65536];
    for (int is_pressed = 0; child > 0;) {
        long long left = end - now();
        if (left <= 0 && !is_pressed) is_pressed = write(terminal, "q", 1) == 1;
        struct pollfd question = {.fd = terminal, .events = POLLIN};
        poll(&question, 1, is_pressed ? -1 : left / 1000 + 1);
        if (!question.revents) continue;
        ssize_t n = read(terminal, drawn, sizeof drawn);
        if (n <= 0) break;
        fwrite(drawn, 1, n, stdout);
    }
    fflush(stdout);
    return child;
}

int main(int count, char **words) {
    double seconds = 0;
    if (count > 2 && strcmp(words[1], "-t") == 0) seconds = atof(words[2]), words += 2, count -= 2;
    if (count < 3) return fputs("usage: measure [-t SECONDS] FILE COMMAND [ARGUMENT...]\n", stderr), 2;
    pid_t child;
    int status;
    struct rusage usage;
    long long start = now();
    int error = 0;
    if (seconds > 0)
        child = on_terminal(seconds, words + 2);
    else
        error = posix_spawnp(&child, words[2], NULL, NULL, words + 2, environ);
    if (error || child < 0) return fprintf(stderr, "measure: %s: %s\n", words[2], strerror(error ? error : errno)), 2;
    while (wait4(child, &status, 0, &usage) < 0)
        if (errno != EINTR) return perror("measure"), 2;
    long long end = now();
    FILE *file = fopen(words[1], "we");
    if (!file) return perror(words[1]), 2;
    fprintf(file, "%lld %lld %ld %d\n", end - start, microseconds(usage.ru_utime) + microseconds(usage.ru_stime), usage.ru_maxrss,
            WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return fclose(file) ? 2 : 0;
}
