#pragma once
#include <sqlite3.h>

/* sqlite3_config is variadic, which Swift cannot call. Memory statistics take a process-wide mutex at each
   allocation, which every loop would contend for. */
static inline int crane_sqlite3_disable_memory_statistics(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}
