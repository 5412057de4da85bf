/*
 * identity: who is who. Merges what is certain by aliases (store/people.h), and lists what a person
 * has to decide. Part of the measure room's public header. docs/metrics.md has the rules in words.
 */
#pragma once

#include "store/store.h"

#define IDENTITY_RULES 1 /* version of the rules; a change judges everything anew */

/* Puts and takes away the aliases that rules make. Looks at commit authors who stand in pull
 * requests of fact_todo, and does nothing when there are none; measure_refresh calls it. Aliases by
 * hand stand, and pairs told apart by hand stay apart. */
gboolean identity_refresh(Store *store, gint64 workspace_id,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Two people who may be one. */
typedef struct {
    gint64 person_id; /* the one that would be merged */
    gint64 other_id;  /* into this one: an account where one of them is */
    double score;     /* 0-1: how much speaks for it */
    char *reason;     /* a sentence */
} IdentityDoubt;
void identity_doubt_free(IdentityDoubt *doubt);
#define IDENTITY_DOUBTS_MAX 500
/* GPtrArray of IdentityDoubt, the likeliest first. */
GPtrArray *identity_list_doubts(Store *store, gint64 workspace_id,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
