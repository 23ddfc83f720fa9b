"""Holds one thread of a process, and only that one, until the process ends: stall.py PID THREAD-NAME."""
import ctypes
import os
import sys

PTRACE_SEIZE, PTRACE_INTERRUPT = 0x4206, 0x4207

pid, name = int(sys.argv[1]), sys.argv[2]
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
for thread in map(int, os.listdir(f"/proc/{pid}/task")):
    with open(f"/proc/{pid}/task/{thread}/comm") as comm:
        if comm.read().strip() != name:
            continue
    for request in PTRACE_SEIZE, PTRACE_INTERRUPT:
        if libc.ptrace(request, thread, None, None) != 0:
            sys.exit(f"ptrace: {os.strerror(ctypes.get_errno())}")
    WALL = 0x40000000
    os.waitpid(thread, WALL)
    print("stalled", flush=True)
    # The next change is the end: SIGABRT from the watchdog ends all threads, whoever holds them.
    os.waitpid(thread, WALL)
    break
else:
    sys.exit(f"no thread {name}")
