/* A disk that is full from the n-th write on, or a process that is killed in it.

   Preloaded into a process; counts what any library of it writes, whichever way, to files whose
   path holds a mark.
*/
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *mark = NULL;
static long calls = 0, last = 0;
static int kills = 0;

/* Refuse from the `from`-th write on to paths that hold `part`, or kill the process there; 0 only
   counts. */
void full_from(const char *part, long from, int by_kill) {
    mark = part;
    calls = 0;
    last = from;
    kills = by_kill;
}

long writes_seen(void) { return calls; }

static int is_full(int file) {
    char link[64], path[4096];
    ssize_t length;
    if (mark == NULL) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = '\0';
    if (strstr(path, mark) == NULL) return 0;
    calls++;
    if (last == 0 || calls < last) return 0;
    if (kills) raise(SIGKILL);
    errno = ENOSPC;
    return 1;
}

#define REAL(name) dlsym(RTLD_NEXT, name)

ssize_t write(int file, const void *data, size_t size) {
    static ssize_t (*real)(int, const void *, size_t);
    if (real == NULL) real = REAL("write");
    return is_full(file) ? -1 : real(file, data, size);
}

ssize_t pwrite(int file, const void *data, size_t size, off_t at) {
    static ssize_t (*real)(int, const void *, size_t, off_t);
    if (real == NULL) real = REAL("pwrite");
    return is_full(file) ? -1 : real(file, data, size, at);
}

ssize_t pwrite64(int file, const void *data, size_t size, off64_t at) {
    static ssize_t (*real)(int, const void *, size_t, off64_t);
    if (real == NULL) real = REAL("pwrite64");
    return is_full(file) ? -1 : real(file, data, size, at);
}

ssize_t writev(int file, const struct iovec *parts, int number) {
    static ssize_t (*real)(int, const struct iovec *, int);
    if (real == NULL) real = REAL("writev");
    return is_full(file) ? -1 : real(file, parts, number);
}

size_t fwrite(const void *data, size_t size, size_t number, FILE *file) {
    static size_t (*real)(const void *, size_t, size_t, FILE *);
    if (real == NULL) real = REAL("fwrite");
    return is_full(fileno(file)) ? 0 : real(data, size, number, file);
}

int ftruncate(int file, off_t length) {
    static int (*real)(int, off_t);
    if (real == NULL) real = REAL("ftruncate");
    return is_full(file) ? -1 : real(file, length);
}

int ftruncate64(int file, off64_t length) {
    static int (*real)(int, off64_t);
    if (real == NULL) real = REAL("ftruncate64");
    return is_full(file) ? -1 : real(file, length);
}
