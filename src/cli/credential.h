/*
 * Inside cli: who asks, and where the secret comes from. A secret is never an argument: it is read
 * from a file, the environment or the terminal, kept in a Buffer that is wiped, and known to the
 * log, which blots it out.
 */
#pragma once

#include "bitbucket/bitbucket.h"

/* The options of every command that takes a credential; parsed into one place. */
extern const GOptionEntry CLI_CREDENTIAL_OPTIONS[];
extern char *cli_credential_api_base; /* --api-base; NULL: not given */
extern char *cli_credential_git_base; /* --git-base; NULL: not given */

/* Judges the options: kind and account. @fallback where neither --kind nor an account is given.
 * The account is owned by the options. INVALID. */
gboolean cli_credential_choose(CredentialKind fallback, CredentialKind *ret_kind,
                               const char **ret_account, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the kind was told, by --kind or an account, rather than assumed. */
gboolean cli_credential_is_told(void);

/* Whether --token-file was given or PLUMBLINE_TOKEN is set. */
gboolean cli_secret_is_given(void);

/* From --token-file, else PLUMBLINE_TOKEN (which is then taken out of the environment), else asked
 * for on the terminal. Buffer maximum LIMIT_SECRET; wipe it with buffer_wipe. USAGE when there is
 * no source, IO, INVALID. A hint about file modes goes to *@ret_warning (NULL: none; free with
 * g_free).
 */
gboolean cli_secret_read(const char *what, Buffer *ret_secret, char **ret_warning,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Finds --token=… and its kin among the arguments, blots the value out and refuses. */
gboolean cli_secret_refuse_arguments(int argc, char **argv, GError **error);
