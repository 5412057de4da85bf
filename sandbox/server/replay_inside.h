/*
 * replay_inside: what the files that answer from a recording share.
 */
#pragma once

#include "call.h"
#include "listing.h"
#include "replay.h"
#include "replay_data.h"

static inline const char *replay_text(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static inline const ReplayRepository *replay_repository(const Call *call)
{
    return call->sandbox->replay->repositories->pdata[call->repository];
}

/* 200 with @object; 404 with @absent where it is NULL. */
void replay_answer_object(Call *call, const json_t *object, const char *absent);
/* A listing's write, of a JSON array in listing->data. */
void replay_write_value(const Listing *listing, guint candidate, Out *out);

void replay_list_commits(Call *call);
void replay_answer_commit(Call *call);
