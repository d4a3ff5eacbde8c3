/* What the kernel may do and hardly ever does, put between a program and its C library:
   reads and writes that are short or interrupted, a clock that shows another time. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static size_t most(int fd, size_t wanted) {
    static int turn;
    struct stat file;
    const char *limit = getenv("TABCTL_TEST_SHORT");
    if (!limit || fstat(fd, &file) || !S_ISREG(file.st_mode)) return wanted;
    if (++turn % 2) return 0;
    size_t allowed = (size_t)atol(limit);
    return wanted < allowed ? wanted : allowed;
}

ssize_t write(int fd, const void *bytes, size_t count) {
    static ssize_t (*real)(int, const void *, size_t);
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "write");
    size_t now = most(fd, count);
    if (now == 0 && count > 0) { errno = EINTR; return -1; }
    return real(fd, bytes, now);
}

ssize_t read(int fd, void *bytes, size_t count) {
    static ssize_t (*real)(int, void *, size_t);
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "read");
    size_t now = most(fd, count);
    if (now == 0 && count > 0) { errno = EINTR; return -1; }
    return real(fd, bytes, now);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
    int failed = real(clock, now);
    const char *offset = getenv("TABCTL_TEST_CLOCK");
    if (!failed && offset && clock == CLOCK_REALTIME) now->tv_sec += atol(offset);
    return failed;
}
