/*
 * The maxima of everything that grows, together in one place. Bytes unless said otherwise.
 */
#pragma once

#include <glib.h>

#define LIMIT_API_BODY       ((gsize) 32 * 1024 * 1024) /* one answer of Bitbucket's API */
#define LIMIT_API_HEADERS    ((gsize) 64 * 1024)        /* all its headers together */
#define LIMIT_API_REDIRECTS  5                          /* followed in a row */
#define LIMIT_JSON_DEPTH     64                         /* nesting of a foreign document */
#define LIMIT_JSON_VALUES    2000000                    /* values in a foreign document */
#define LIMIT_PAGE_RECORDS   1000                       /* records decoded from one page */
#define LIMIT_PAGE_ARENA     ((gsize) 64 * 1024 * 1024) /* their memory */
#define LIMIT_PAGES_PER_WALK 200000 /* pages of one list before it counts as endless */
#define LIMIT_TEXT           65536  /* one text field kept from a foreign record */
#define LIMIT_NAME           1024   /* a name, slug, branch, title, path segment */
#define LIMIT_PATH           4096   /* a file path in a repository */
#define LIMIT_GIT_LINE       ((gsize) 1024 * 1024) /* one line of git's output */
#define LIMIT_GIT_FILES_PER_COMMIT                                                                 \
    100000 /* files listed for one commit; the rest is counted, not listed */
#define LIMIT_PROTECTED_BRANCHES       50 /* read of one repository, besides main */
#define LIMIT_GIT_LINE_AGES            ((gsize) 256 * 1024 * 1024) /* ages of one repository's lines */
#define LIMIT_SECRET                   8192                        /* a credential */
#define LIMIT_ERROR_SNIPPET            500 /* of a foreign body kept for a message */
#define LIMIT_WEB_HEADERS              ((gsize) 64 * 1024) /* one connection's memory for a request's head */
#define LIMIT_WEB_FIELDS               100                 /* header fields, and query parameters */
#define LIMIT_WEB_BODY                 ((gsize) 256 * 1024) /* of a request, where its address says nothing */
#define LIMIT_WEB_IDLE_SECONDS         30   /* a connection on which nothing moves */
#define LIMIT_WEB_CONNECTIONS          1000 /* at once */
#define LIMIT_WEB_CONNECTIONS_PER_PEER 200
#define LIMIT_WEB_QUEUE                256 /* requests that wait for a worker */
#define LIMIT_WEB_BURST                300 /* requests of one caller at once */
#define LIMIT_WEB_RATE                 30  /* and then each second */
#define LIMIT_WEB_FAILURES             5   /* sign-ins that may fail before the next has to wait */
#define LIMIT_WEB_THROTTLED            10000 /* names whose failures are remembered */
#define LIMIT_WEB_OVERFLOW                                                                         \
    ((gsize) 4 * 1024 * 1024) /* of a body too large, before the line is cut */
