#pragma once
#include <dlfcn.h>
#if __has_include(<postgresql/libpq-fe.h>)
#include <postgresql/libpq-fe.h>
#else
#include <libpq-fe.h>
#endif

#ifndef LIBPQ_HAS_PIPELINING
#error "CranePostgres needs libpq 14 or a later one (pipeline mode)"
#endif

/* libpq, loaded when it is first asked for, for the life of the process; NULL where it is not there. */
static inline void *crane_postgres_library(void) {
    static void *known;
    void *library = __atomic_load_n(&known, __ATOMIC_ACQUIRE);
    if (library == NULL) {
        library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
        __atomic_store_n(&known, library, __ATOMIC_RELEASE);
    }
    return library;
}

/* Why no function below can be called (dlerror(3), whose text the thread's next call of the loader ends), or NULL. */
static inline const char *crane_postgres_loading_error(void) {
    void *library = crane_postgres_library();
    if (library == NULL) return dlerror();
    return dlsym(library, "PQpipelineSync") == NULL ? dlerror() : NULL;
}

/* What CranePostgres calls, by libpq's names behind `crane_`. Nothing links libpq, so that a call beside them is an error of the linker. */
#define CRANE_POSTGRES(result, name, parameters, arguments) \
    static inline result crane_##name parameters { \
        static result(*known) parameters; \
        result(*function) parameters = __atomic_load_n(&known, __ATOMIC_RELAXED); \
        if (function == NULL) { \
            function = (result(*) parameters)dlsym(crane_postgres_library(), #name); \
            __atomic_store_n(&known, function, __ATOMIC_RELAXED); \
        } \
        return function arguments; \
    }

CRANE_POSTGRES(int, PQbackendPID, (const PGconn *connection), (connection))
CRANE_POSTGRES(void, PQclear, (PGresult *result), (result))
CRANE_POSTGRES(char *, PQcmdStatus, (PGresult *result), (result))
CRANE_POSTGRES(char *, PQcmdTuples, (PGresult *result), (result))
CRANE_POSTGRES(PGconn *, PQconnectdbParams, (const char *const *keywords, const char *const *values, int expand), (keywords, values, expand))
CRANE_POSTGRES(void, PQconninfoFree, (PQconninfoOption *options), (options))
CRANE_POSTGRES(PQconninfoOption *, PQconninfoParse, (const char *text, char **error), (text, error))
CRANE_POSTGRES(int, PQconsumeInput, (PGconn *connection), (connection))
CRANE_POSTGRES(int, PQenterPipelineMode, (PGconn *connection), (connection))
CRANE_POSTGRES(char *, PQerrorMessage, (const PGconn *connection), (connection))
CRANE_POSTGRES(PGresult *, PQexec, (PGconn *connection, const char *query), (connection, query))
CRANE_POSTGRES(PGresult *, PQexecParams,
    (PGconn *connection, const char *command, int count, const Oid *types, const char *const *values, const int *lengths, const int *formats,
        int format),
    (connection, command, count, types, values, lengths, formats, format))
CRANE_POSTGRES(void, PQfinish, (PGconn *connection), (connection))
CRANE_POSTGRES(int, PQflush, (PGconn *connection), (connection))
CRANE_POSTGRES(char *, PQfname, (const PGresult *result, int column), (result, column))
CRANE_POSTGRES(void, PQfreemem, (void *memory), (memory))
CRANE_POSTGRES(Oid, PQftype, (const PGresult *result, int column), (result, column))
CRANE_POSTGRES(PGresult *, PQgetResult, (PGconn *connection), (connection))
CRANE_POSTGRES(int, PQgetisnull, (const PGresult *result, int row, int column), (result, row, column))
CRANE_POSTGRES(int, PQgetlength, (const PGresult *result, int row, int column), (result, row, column))
CRANE_POSTGRES(char *, PQgetvalue, (const PGresult *result, int row, int column), (result, row, column))
CRANE_POSTGRES(int, PQisBusy, (PGconn *connection), (connection))
CRANE_POSTGRES(int, PQnfields, (const PGresult *result), (result))
CRANE_POSTGRES(PGnotify *, PQnotifies, (PGconn *connection), (connection))
CRANE_POSTGRES(int, PQntuples, (const PGresult *result), (result))
CRANE_POSTGRES(int, PQpipelineSync, (PGconn *connection), (connection))
CRANE_POSTGRES(char *, PQresultErrorField, (const PGresult *result, int code), (result, code))
CRANE_POSTGRES(char *, PQresultErrorMessage, (const PGresult *result), (result))
CRANE_POSTGRES(ExecStatusType, PQresultStatus, (const PGresult *result), (result))
CRANE_POSTGRES(int, PQsendPrepare, (PGconn *connection, const char *name, const char *query, int count, const Oid *types),
    (connection, name, query, count, types))
CRANE_POSTGRES(int, PQsendQueryPrepared,
    (PGconn *connection, const char *name, int count, const char *const *values, const int *lengths, const int *formats, int format),
    (connection, name, count, values, lengths, formats, format))
CRANE_POSTGRES(PQnoticeReceiver, PQsetNoticeReceiver, (PGconn *connection, PQnoticeReceiver receiver, void *context),
    (connection, receiver, context))
CRANE_POSTGRES(int, PQsetnonblocking, (PGconn *connection, int is_nonblocking), (connection, is_nonblocking))
CRANE_POSTGRES(int, PQsocket, (const PGconn *connection), (connection))
CRANE_POSTGRES(ConnStatusType, PQstatus, (const PGconn *connection), (connection))
#undef CRANE_POSTGRES

/* What PostgreSQL says besides its answers goes to standard error otherwise. */
static inline void crane_postgres_ignore_notice(void *context, const PGresult *notice) {
    (void)context;
    (void)notice;
}

static inline void crane_postgres_ignore_notices(PGconn *connection) {
    crane_PQsetNoticeReceiver(connection, crane_postgres_ignore_notice, NULL);
}
