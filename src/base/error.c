#include "base/error.h"

typedef struct {
    const char *name;
    int http_status, exit_code;
    const char *sentence;
} ErrorEntry;

static const ErrorEntry ENTRIES[PLUMBLINE_ERROR_COUNT] = {
#define X(code, name, http, exit_code, sentence)                                                   \
    [PLUMBLINE_ERROR_##code] = {name, http, exit_code, sentence},
    PLUMBLINE_ERROR_TABLE(X)
#undef X
};

G_DEFINE_QUARK(plumbline - error - quark, plumbline_error)

static const ErrorEntry *entry_for(int code)
{
    return &ENTRIES[code >= 0 && code < PLUMBLINE_ERROR_COUNT ? code : PLUMBLINE_ERROR_INTERNAL];
}

const char *error_name(int code)
{
    return entry_for(code)->name;
}
int error_http_status(int code)
{
    return entry_for(code)->http_status;
}
int error_exit_code(int code)
{
    return entry_for(code)->exit_code;
}
const char *error_sentence(int code)
{
    return entry_for(code)->sentence;
}

gboolean error_is(const GError *error, PlumblineErrorCode code)
{
    return g_error_matches(error, PLUMBLINE_ERROR, (gint) code);
}
