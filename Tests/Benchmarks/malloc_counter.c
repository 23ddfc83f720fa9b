/*
 * Counts the allocations of a process, for LD_PRELOAD with glibc.
 *
 * MALLOC_COUNTER_FILE names a file of at least 16 bytes, which another process may read at any time: its first eight hold
 * the count of calls to malloc, calloc, realloc, posix_memalign, aligned_alloc and memalign, the next eight the bytes that
 * are in use, as glibc rounds them up and with the word that it keeps before each block.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
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
extern void __libc_free(void *pointer);

struct counts {
    _Atomic unsigned long calls;
    _Atomic unsigned long used;
};

static struct counts unshared;
static struct counts *_Atomic counts = &unshared;

static size_t size_of(void *block) { return block ? malloc_usable_size(block) + sizeof(size_t) : 0; }

/* Sizes are added modulo two to the 64th, so that one that goes is one that is added. */
static void add(unsigned long calls, size_t used) {
    struct counts *target = atomic_load_explicit(&counts, memory_order_relaxed);
    if (calls) atomic_fetch_add_explicit(&target->calls, calls, memory_order_relaxed);
    atomic_fetch_add_explicit(&target->used, used, memory_order_relaxed);
}

static void *counted(void *block) {
    add(1, size_of(block));
    return block;
}

__attribute__((constructor)) static void share(void) {
    const char *path = getenv("MALLOC_COUNTER_FILE");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *mapping = mmap(NULL, sizeof unshared, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (mapping == MAP_FAILED) return;
    atomic_store(&counts, (struct counts *)mapping);
    add(atomic_load(&unshared.calls), atomic_load(&unshared.used));
}

void *malloc(size_t size) { return counted(__libc_malloc(size)); }

void *calloc(size_t number, size_t size) { return counted(__libc_calloc(number, size)); }

void *realloc(void *pointer, size_t size) {
    size_t before = size_of(pointer);
    void *block = __libc_realloc(pointer, size);
    add(1, block || size == 0 ? size_of(block) - before : 0);
    return block;
}

void free(void *pointer) {
    add(0, -size_of(pointer));
    __libc_free(pointer);
}

int posix_memalign(void **pointer, size_t alignment, size_t size) {
    if (alignment < sizeof(void *) || (alignment & (alignment - 1))) return EINVAL;
    void *block = counted(__libc_memalign(alignment, size));
    if (!block) return ENOMEM;
    *pointer = block;
    return 0;
}

void *aligned_alloc(size_t alignment, size_t size) { return counted(__libc_memalign(alignment, size)); }

void *memalign(size_t alignment, size_t size) { return counted(__libc_memalign(alignment, size)); }
