/*
 * The errors that Plumbline reports, in one table.
 *
 * A function that can fail takes GError ** last, returns gboolean or a pointer that must be
 * checked, and leaves its outputs untouched on failure. The domain is PLUMBLINE_ERROR, the code one
 * of PlumblineErrorCode. The message names what failed, on what, and what to do; it is shown to
 * people as it is and never holds a secret. The table gives each code its HTTP status (for the web
 * room), the exit code of the command line, and a short name for JSON and logs.
 */
#pragma once

#include <glib.h>

/*        code                  name                    HTTP  exit  general sentence */
#define PLUMBLINE_ERROR_TABLE(X)                                                                   \
    X(USAGE, "usage", 400, 2, "The command was not understood.")                                   \
    X(INVALID, "invalid", 422, 2, "A value is not acceptable.")                                    \
    X(INTERNAL, "internal", 500, 1, "Plumbline met a fault of its own.")                           \
    X(IO, "io", 500, 1, "A file could not be read or written.")                                    \
    X(CANCELLED, "cancelled", 503, 7, "The work was interrupted; it resumes where it stopped.")    \
    X(LIMIT, "limit", 413, 1, "Something is larger than Plumbline accepts.")                       \
    X(CREDENTIAL_REJECTED, "credential-rejected", 401, 3, "The credential is not accepted.")       \
    X(SCOPE_MISSING, "scope-missing", 403, 3, "The credential lacks a scope.")                     \
    X(FORBIDDEN, "forbidden", 403, 3, "There is no right to do this.")                             \
    X(NOT_FOUND, "not-found", 404, 4,                                                              \
      "It does not exist, or cannot be seen with this credential.")                                \
    X(GONE, "gone", 410, 5, "Bitbucket has removed this address.")                                 \
    X(REJECTED, "rejected", 400, 5, "Bitbucket refused the request.")                              \
    X(RATE_LIMITED, "rate-limited", 429, 5, "The request allowance is used up.")                   \
    X(UNAVAILABLE, "unavailable", 502, 5, "Bitbucket answers with an error of its own.")           \
    X(NOT_COMPUTABLE, "not-computable", 502, 5, "Bitbucket cannot compute this.")                  \
    X(NETWORK, "network", 502, 5, "Bitbucket cannot be reached.")                                  \
    X(TIMEOUT, "timeout", 504, 5, "Bitbucket did not answer in time.")                             \
    X(BODY_TRUNCATED, "body-truncated", 502, 5, "An answer ended early.")                          \
    X(BODY_FOREIGN, "body-foreign", 502, 5, "An answer is not JSON.")                              \
    X(BODY_SHAPE, "body-shape", 502, 5, "An answer has an unexpected shape.")                      \
    X(BODY_TOO_LARGE, "body-too-large", 502, 5, "An answer is too large.")                         \
    X(FOREIGN_HOST, "foreign-host", 502, 5,                                                        \
      "An answer points to another host; it was not followed.")                                    \
    X(PAGING_LOOP, "paging-loop", 502, 5, "A list repeats itself.")                                \
    X(GIT, "git", 502, 5, "git reported an error.")                                                \
    X(STORE, "store", 500, 6, "The data file cannot be used.")                                     \
    X(STORE_VERSION, "store-version", 500, 6, "The data file was written by a newer Plumbline.")   \
    X(SEALED, "sealed", 500, 6, "A secret cannot be opened with this master key.")

typedef enum {
#define X(code, name, http, exit_code, sentence) PLUMBLINE_ERROR_##code,
    PLUMBLINE_ERROR_TABLE(X)
#undef X
        PLUMBLINE_ERROR_COUNT
} PlumblineErrorCode;

#define PLUMBLINE_ERROR (plumbline_error_quark())
GQuark plumbline_error_quark(void);

/* Lookups in the table; codes outside it count as INTERNAL. */
const char *error_name(int code);
int error_http_status(int code);
int error_exit_code(int code);
const char *error_sentence(int code);

/* True when @error is of our domain and has this code. @error may be NULL. */
gboolean error_is(const GError *error, PlumblineErrorCode code);
