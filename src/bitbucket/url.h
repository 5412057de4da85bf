/*
 * url: addresses. Where a credential may go is decided here and nowhere else.
 */
#pragma once

#include "base/base.h"

/* An API base taken apart; compare others against it. */
typedef struct {
    char *text;   /* as given, without the slash at its end */
    char *origin; /* "https://host[:port]" */
    char *scheme, *host, *path;
    int port;
    gboolean loopback;
} ApiBase;

/* https, or http to loopback; no user information, query or fragment. INVALID otherwise. */
gboolean api_base_init(ApiBase *base, const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void api_base_clear(ApiBase *base);

/* Whether @url has the scheme, host, port and path prefix of @base, carries no user information and
 * no dot segments that would climb out of it. Only then may the credential go there. */
gboolean api_base_covers(const ApiBase *base, const char *url);

/* @reference (a Location header) seen from @url; NULL when it is no address. g_free. */
char *url_resolve(const char *url, const char *reference);

/* @text as an http or https address without user information, or NULL. g_free. */
char *url_without_user(const char *text);

/* The number in the query parameter page; 1 without one; COUNT_ABSENT when it is no number. */
gint64 url_page_number(const char *url);

/* "workspace/slug" taken apart and escaped: "acme/%7Buuid%7D". INVALID when it has not exactly two
 * segments that could be names. g_free. */
char *url_repository_path(const char *repository, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One such segment. */
char *url_segment(const char *name, const char *what, GError **error) G_GNUC_WARN_UNUSED_RESULT;
