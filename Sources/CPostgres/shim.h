#pragma once
#include <libpq-fe.h>

#ifndef LIBPQ_HAS_PIPELINING
#error "CranePostgres needs libpq 14 or a later one (pipeline mode)"
#endif

/* What PostgreSQL says besides its answers goes to standard error otherwise. */
static inline void crane_postgres_ignore_notice(void *context, const PGresult *notice) {
    (void)context;
    (void)notice;
}

static inline void crane_postgres_ignore_notices(PGconn *connection) {
    PQsetNoticeReceiver(connection, crane_postgres_ignore_notice, NULL);
}
