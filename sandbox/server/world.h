/*
 * world: writes the objects that are embedded everywhere: people, repositories, commits. With the
 * company's read lock held.
 */
#pragma once

#include "call.h"
#include "listing.h"

/* Person by index: an object, null or "Former user" once the account is gone, null for -1. */
void write_person(Call *call, Out *out, const char *key, gint person);
/* With everything that /users/{…} shows. */
void write_person_whole(Call *call, Out *out, const char *key, gint person);
/* Who a token acts as. */
void write_bearer(Call *call, Out *out, const char *key);
/* Whether the account still exists. */
gboolean person_is_there(const Call *call, gint person);
const CompanyPerson *person_at(const Call *call, gint person);
/* By uuid or account id; -1. */
gint find_person_by_id(const Call *call, const char *id);

void write_workspace_short(Call *call, Out *out, const char *key);
/* Condensed; the other members on request. */
void write_repository_short(Call *call, Out *out, const char *key, guint repository);
void write_repository(Call *call, Out *out, const char *key, guint repository);

const CompanyRepository *repository_at(const Call *call);
/* {"type":"commit","hash":first 12 or all 40,"links"} or null for -1 */
void write_commit_short(Call *call, Out *out, const char *key, gint32 commit, guint digits);
void write_commit(Call *call, Out *out, const char *key, gint32 commit);
/* Commit by hash, or the beginning of one, of the call's repository, as long as it has been pushed;
 * -1. */
gint32 find_commit(Call *call, const char *hash);
/* Commit by branch name or hash; -1. */
gint32 find_revision(Call *call, const char *name);
