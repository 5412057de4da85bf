/*
 * credential: what a request says about who asks.
 */
#pragma once

#include "bitbucket/bitbucket.h"

/* INVALID with what is missing, in words. */
gboolean credential_check_form(const Credential *credential,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The whole header line "Authorization: …". @bearer replaces the secret for CREDENTIAL_OAUTH_CLIENT
 * (the access token). Free with credential_free_secret. */
char *credential_header(const Credential *credential, const char *bearer);
/* Basic with client id and secret, for the token address. */
char *credential_client_header(const Credential *credential);

/* Overwrites before giving back. NULL is fine. */
void credential_free_secret(char *text);

/* What to do after Bitbucket refused it, as a sentence. */
const char *credential_advice(CredentialKind kind);
/* The same where the secret looks like one of another kind; NULL: it does not. */
const char *credential_mistaken(const Credential *credential);
/* The kind that the header x-credential-type names; FALSE when it names none that is known. */
gboolean credential_kind_from_header(const char *type, CredentialKind *ret_kind);
/* Access tokens and OAuth clients act for nobody; the others for a person. */
gboolean credential_is_personal(CredentialKind kind);
