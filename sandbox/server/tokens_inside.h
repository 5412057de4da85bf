/*
 * tokens_inside: what the files that make, change, check and count tokens share.
 */
#pragma once

#include "tokens.h"

#define HOUR (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

/* When the requests of the last hour were made; oldest first, monotonic µs. */
typedef struct {
    GQueue times[QUOTA_GROUPS];
} Usage;

struct Tokens {
    Sandbox *sandbox;
    GMutex lock;
    GPtrArray *tokens;      /* Token */
    GPtrArray *scope_lists; /* every list ever granted */
    GHashTable *by_secret;
    GHashTable *usage; /* holder → Usage */
};

/* What the product needs, API-FACTS 1.3 */
#define READ_SCOPES "account project repository pullrequest pipeline webhook"

typedef struct {
    TokenKind kind;
    const char *name, *type;
} TokenKindName;
/* Ends with a NULL name. */
extern const TokenKindName token_kinds[];

Token *tokens_add(Tokens *tokens, const char *name, TokenKind kind, const char *account,
                  const char *scopes, const char *reach);
/* Kept to the end, so that a request that reads the old list while it is replaced is safe. */
const char *const *tokens_keep_scopes(Tokens *tokens, const char *text);
/* With the lock held. */
Token *tokens_find(Tokens *tokens, const char *name);
/* Who holds an API token: by mail address, or any administrator who is still there; -1. */
gint tokens_find_owner(const Sandbox *sandbox, const char *mail);
