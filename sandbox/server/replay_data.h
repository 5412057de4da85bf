/*
 * replay_data: what a recording holds, as read from its folder and made ready: links rewritten to
 * the sandbox, activity put together where none was recorded. Immutable once loaded.
 */
#pragma once

#include <glib.h>
#include <jansson.h>

typedef struct {
    json_t *object;    /* repository.json */
    json_t *pulls;     /* pull-requests.json, newest first */
    json_t *activity;  /* of all pull requests, newest first */
    json_t *commits;   /* every commit that is known, newest first */
    GHashTable *files; /* "comments/3" → array, or object, of comments/3.json */
} ReplayRepository;

struct Replay {
    json_t *workspace;
    GPtrArray *repositories; /* ReplayRepository */
    json_t *people;          /* uuid → user object */
    gint64 oldest, newest;   /* µs: instants in the data */
};

/* @api, @web: base URLs that links are rewritten to. */
struct Replay *replay_load(const char *folder, const char *api, const char *web, GError **error);
/* The recorded array "folder/name", or NULL. */
json_t *replay_list(const ReplayRepository *repository, const char *folder, const char *name);
