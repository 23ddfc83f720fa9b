#pragma once
#include <sqlite3.h>

/* sqlite3_config is variadic, which Swift cannot call. Memory statistics take a process-wide mutex at each
   allocation, which every loop would contend for. */
static inline int crane_sqlite3_disable_memory_statistics(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/* sqlite3_db_config is variadic too. Whether the last connection of a WAL leaves it as it is. */
static inline int crane_sqlite3_keep_wal_on_close(sqlite3 *database, int keeps) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keeps, (int *)0);
}
