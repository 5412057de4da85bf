/*
 * tokens: the credentials that the sandbox knows, what each may do and reach, until when, and how
 * much of its hourly allowance is used. Any thread; guarded by a lock inside. Tokens are never
 * freed while the sandbox runs, so a pointer stays good; what may change in one (scopes, expiry)
 * is interned or atomic.
 */
#pragma once

#include "call.h"

#include <glib.h>
#include <jansson.h>

typedef enum {
    TOKEN_WORKSPACE,
    TOKEN_PROJECT,
    TOKEN_REPOSITORY,
    TOKEN_API,
    TOKEN_APP_PASSWORD,
    TOKEN_OAUTH_CLIENT, /* id and secret: good at the token address only */
    TOKEN_OAUTH,        /* what that gives out */
} TokenKind;

typedef enum { REACH_NOTHING, REACH_WORKSPACE, REACH_PROJECT, REACH_REPOSITORY } TokenReach;

struct Token {
    char *name;
    TokenKind kind;
    const char *account; /* mail, user name or client id; NULL */
    char *secret;
    const char *const *_Atomic scopes; /* as granted, ends with NULL */
    char *reach; /* workspace slug, "project:KEY", or a repository's full name, when it was made */
    /* The same resolved, so that renames do not take away what a token was made for. */
    TokenReach reach_kind;
    gint reach_repository;
    gint64 expires_at;  /* on the sandbox's clock; NEVER; under the lock */
    gint person;        /* who an API token acts for; -1 */
    char uuid[39];      /* of the bot that an access token acts as */
    const char *holder; /* whose quota it uses: tokens of one person share */
};

Tokens *tokens_new(Sandbox *sandbox);
void tokens_free(Tokens *tokens);

/* The ones that ready.json lists, for workspace, project and repository of the sandbox. */
void tokens_make_standard(Tokens *tokens);
/* For the control address: makes or changes one from {"name","kind","scopes","reach","expires",
 * "person","account"}; NULL with @ret_message when that is not possible. */
const Token *tokens_put(Tokens *tokens, const json_t *wanted, const char **ret_message);
json_t *tokens_describe(Tokens *tokens);
json_t *token_describe(Tokens *tokens, const Token *token);

/* Reads call->authorization and sets call->token; otherwise answers 401 and returns FALSE. @git:
 * the user names that git uses are good too. */
gboolean tokens_authenticate(Tokens *tokens, Call *call, gboolean git);
/* POST /site/oauth2/access_token */
void tokens_grant(Tokens *tokens, Call *call);

gboolean token_is_access_token(const Token *token);
/* Value of x-credential-type. */
const char *token_type(const Token *token);
gboolean token_reaches(const Token *token, const Sandbox *sandbox, const Place *place);

typedef enum { QUOTA_REPOSITORIES, QUOTA_OTHER, QUOTA_GROUPS } QuotaGroup;
/* Counts one request on the real clock. FALSE: the allowance is used up. @ret_left: what is left.
 */
gboolean tokens_spend(Tokens *tokens, const Token *token, QuotaGroup group, guint *ret_left);
/* As if @used requests had been made just now, in both groups. */
gboolean tokens_set_used(Tokens *tokens, const char *name, guint used);
