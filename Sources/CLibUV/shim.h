#pragma once
#include <uv.h>

#ifdef __linux__
#include <linux/filter.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Has the socket drop every packet from now on: a program of one BPF instruction, which only macros can spell
   (SO_ATTACH_FILTER in socket(7)). */
static inline int shim_drop_packets(int descriptor) {
    struct sock_filter drop = BPF_STMT(BPF_RET | BPF_K, 0);
    struct sock_fprog program = {1, &drop};
    return setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

/* gettid(2) is a variadic syscall(2) in older C libraries. */
static inline int shim_is_main_thread(void) { return syscall(SYS_gettid) == getpid(); }

/* libdispatch has these for run loops, and no header for them: an eventfd(2) that is ready when the main queue has work, and
   the call that does it on the main thread. */
extern int _dispatch_get_main_queue_handle_4CF(void);
extern void _dispatch_main_queue_callback_4CF(void *message);
#endif
