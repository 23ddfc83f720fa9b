// Tells the thread sanitizer of the locks that Synchronization.Mutex takes when somebody else holds it, and lets go of when
// somebody waits.
//
// The quick ways into the mutex and out of it are inlined, and instrumented with what they are inlined into. The slow ways
// lie in Swift's runtime, which is not: unless it is told, the sanitizer knows nothing of them and calls what the mutex
// guards a race. Preloaded with LD_PRELOAD, this stands before them. Where no sanitizer is, it does nothing.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

// _MutexHandle._lockSlow(_: UInt32) and ._unlockSlow(): methods of a type that stays where it is, so self is its address.
#define LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK_SLOW "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

// The sanitizer's own (sanitizer/tsan_interface.h).
__attribute__((weak)) void __tsan_acquire(void *address);
__attribute__((weak)) void __tsan_release(void *address);

SWIFT void lockSlow(uint32_t thread, SELF void *mutex) __asm__(LOCK_SLOW);
SWIFT void lockSlow(uint32_t thread, SELF void *mutex) {
    SWIFT void (*real)(uint32_t, SELF void *) = dlsym(RTLD_NEXT, LOCK_SLOW);
    real(thread, mutex);
    if (__tsan_acquire)
        __tsan_acquire(mutex);
}

SWIFT void unlockSlow(SELF void *mutex) __asm__(UNLOCK_SLOW);
SWIFT void unlockSlow(SELF void *mutex) {
    SWIFT void (*real)(SELF void *) = dlsym(RTLD_NEXT, UNLOCK_SLOW);
    if (__tsan_release)
        __tsan_release(mutex);
    real(mutex);
}
