/*
 * scopes: what Bitbucket's permission names mean to Plumbline. Pure.
 *
 * There are two families: the names of API tokens ("read:repository:bitbucket", which imply
 * nothing) and those of access tokens and OAuth ("repository", some of which imply others;
 * API-FACTS 1.5).
 */
#pragma once

#include "bitbucket/bitbucket.h"

/* "pullrequest, webhook" taken apart; NULL for NULL. */
GStrv scopes_parse(const char *header);

/* The needed ones that @present does not have or imply. */
GStrv scopes_missing(CredentialKind kind, const char *const *present);

/* Those of @present that neither reading nor the set-up of webhooks uses. */
GStrv scopes_unneeded(CredentialKind kind, const char *const *present);

/* What cannot be read without @scope: "pull requests". */
const char *scopes_purpose(const char *scope);
