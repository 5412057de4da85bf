/*
 * Inside cli: making a connection from the options, for report and connect.
 */
#pragma once

#include "cli/cli.h"
#include "sync/sync.h"

typedef struct {
    const char *name, *workspace, *repository;
    const char *api_base, *git_base; /* NULL: those of the options, else Bitbucket Cloud's */
    const char *const *patterns;
    UtcTime expires;
    gint64 history_days; /* how far back it reads; 0: everything; COUNT_ABSENT: as before */
    CredentialKind fallback_kind;
} ConnectWork;

/* Reads the secret, connects. When the credential does not work the error says so in the words of
 * the check, with its code. */
gboolean connecting_run(const CliGlobals *globals, Store *store, const ConnectWork *work,
                        SyncConnectResult *ret_result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
