/* What the kernel may do and hardly ever does, put between a program and its C library:
   reads and writes that are short or interrupted, a clock that shows another time. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
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
    /* In a file, so that the clock jumps for all that run already. */
    const char *path = getenv("TABCTL_TEST_CLOCK");
    if (failed || !path || clock != CLOCK_REALTIME) return failed;
    int before = errno, file = open(path, O_RDONLY | O_CLOEXEC);
    if (file >= 0) {
        char offset[32] = {0};
        if (pread(file, offset, sizeof offset - 1, 0) > 0) now->tv_sec += atol(offset);
        close(file);
    }
    errno = before;
    return failed;
}
