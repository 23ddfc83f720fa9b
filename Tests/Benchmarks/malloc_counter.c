/*
 * Counts the allocations of a process, for LD_PRELOAD with glibc.
 *
 * MALLOC_COUNTER_FILE names a file of at least eight bytes; its first eight hold the count of calls to
 * malloc, calloc, realloc, posix_memalign, aligned_alloc and memalign, which another process may read at any
 * time.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* glibc's own entry points: dlsym would itself allocate before the first call is through. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *pointer, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static _Atomic unsigned long unshared;
static _Atomic unsigned long *_Atomic counter = &unshared;

static void count(void) {
    atomic_fetch_add_explicit(
        atomic_load_explicit(&counter, memory_order_relaxed), 1, memory_order_relaxed);
}

__attribute__((constructor)) static void share(void) {
    const char *path = getenv("MALLOC_COUNTER_FILE");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *mapping = mmap(NULL, sizeof unshared, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (mapping == MAP_FAILED) return;
    atomic_fetch_add((_Atomic unsigned long *)mapping, atomic_load(&unshared));
    atomic_store(&counter, (_Atomic unsigned long *)mapping);
}

void *malloc(size_t size) {
    count();
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    count();
    return __libc_calloc(number, size);
}

void *realloc(void *pointer, size_t size) {
    count();
    return __libc_realloc(pointer, size);
}

int posix_memalign(void **pointer, size_t alignment, size_t size) {
    if (alignment < sizeof(void *) || (alignment & (alignment - 1))) return EINVAL;
    count();
    void *block = __libc_memalign(alignment, size);
    if (!block) return ENOMEM;
    *pointer = block;
    return 0;
}

void *aligned_alloc(size_t alignment, size_t size) {
    count();
    return __libc_memalign(alignment, size);
}

void *memalign(size_t alignment, size_t size) {
    count();
    return __libc_memalign(alignment, size);
}
