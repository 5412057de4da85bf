/*
 * sandbox: the state that all requests share. Made by main before the server listens, freed after
 * it has stopped. What can change meanwhile is guarded as said beside it; the rest is immutable.
 */
#pragma once

#include "../company.h"

#include <glib.h>

typedef struct Replay Replay;
typedef struct Tokens Tokens;
typedef struct Faults Faults;
typedef struct Counts Counts;
typedef struct Hooks Hooks;
typedef struct Selections Selections;

/* A repository's place in the world. Texts that may change (rename) are interned, so that a pointer
 * once read stays good; it is replaced, never written through. */
typedef struct {
    const char *uuid;        /* "{…}" */
    const char *project_key; /* NULL in a recording that has none */
    const char *_Atomic slug, *_Atomic name, *_Atomic full_name;
    _Atomic gboolean gone; /* deleted: answers 404 */
    GArray *updated;       /* pulls.c: updated_on by pull, gint64; lock */
    guint updated_version;
    GArray *by_hash; /* commits.c: commits by hash, gint32; lock; made once */
} Place;

typedef struct {
    const char *full_name; /* interned */
    guint repository;
    gboolean redirects; /* 301 to the new address; else 404 */
} FormerAddress;

typedef struct {
    char *api, *web, *control; /* base URLs, set once the port is known */
    char *control_token;
    char *state_folder;
    guint quota; /* requests per hour and token; 0: no limit */

    Company *company; /* one of these two */
    Replay *replay;

    const char *workspace_uuid, *workspace_name;
    const char *_Atomic workspace_slug; /* interned */
    gint64 workspace_created;
    Place *places;
    guint n_places;
    GArray *former; /* FormerAddress; lock */
    GMutex lock;

    _Atomic guint version; /* grows whenever an answer may change: clock, activity, rename */
    gint64 clock;          /* a recording's clock, µs; lock */

    Tokens *tokens;
    Faults *faults;
    Counts *counts;
    Hooks *hooks;
    Selections *selections;
} Sandbox;

gint64 sandbox_now(Sandbox *sandbox);
void sandbox_changed(Sandbox *sandbox);
/* Fills places from the company. */
void sandbox_place_company(Sandbox *sandbox);
/* Index of the repository at workspace/slug, each of which may be a uuid, the workspace also "{}";
 * -1: none. @ret_former: it is an old address that redirects to the index returned. */
gint sandbox_find(Sandbox *sandbox, const char *workspace, const char *slug, gboolean *ret_former);
gboolean sandbox_is_workspace(const Sandbox *sandbox, const char *name);
/* The new addresses; the old ones are gone or redirect. */
gboolean sandbox_rename_repository(Sandbox *sandbox, guint repository, const char *slug,
                                   gboolean redirects, GError **error);
void sandbox_rename_workspace(Sandbox *sandbox, const char *slug, gboolean redirects);

gboolean sandbox_write_ready(Sandbox *sandbox, GError **error);
/* @length random bytes as hexadecimal, after @prefix; free with g_free. */
char *sandbox_random_text(const char *prefix, guint length);
/* "{…}"; free with g_free. */
char *sandbox_random_uuid(void);
