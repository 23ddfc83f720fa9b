#pragma once
#include <uv.h>

#ifdef __linux__
#include <linux/filter.h>
#include <sys/socket.h>

/* Has the socket drop every packet from now on: a program of one BPF instruction, which only macros can spell
   (SO_ATTACH_FILTER in socket(7)). */
static inline int shim_drop_packets(int descriptor) {
    struct sock_filter drop = BPF_STMT(BPF_RET | BPF_K, 0);
    struct sock_fprog program = {1, &drop};
    return setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}
#endif
