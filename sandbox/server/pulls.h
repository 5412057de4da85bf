/*
 * pulls: writes pull requests and what hangs on them. With the company's read lock held.
 */
#pragma once

#include "world.h"

/* The pull request that {id} of the route names, or NULL with 404 answered. */
const CompanyPull *pull_of_call(Call *call, CompanyPullView *ret_view, guint *ret_index);
/* {"type","id","title","draft","links"} */
void write_pull_short(Call *call, Out *out, const char *key, const CompanyPull *pull,
                      const char *title, gboolean draft);
/* source and destination: branch, commit, repository */
void write_pull_end(Call *call, Out *out, const char *key, const CompanyPull *pull,
                    gboolean is_source, gint32 commit);
void write_comment(Call *call, Out *out, const char *key, const CompanyComment *comment);
char *pull_description(const CompanyPull *pull, const char *title);
gboolean comment_is_deleted(const Call *call, const CompanyComment *comment);
