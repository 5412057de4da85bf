/*
 * policy_form: what a caller says of a policy. Inside the web room.
 *
 * {"scope": "project", "subject": "PAY", "branch": null, "least_approvals": 2, "required":
 * [{"kind": "team", "name": "security", "least": 1}], "required_least": 1, "author_counts": false,
 * "void_on_push": true, "builds_must_pass": false, "from": "2026-12-01"}. What is left out is what
 * `plumbline policy set` takes where an option is not given; an unknown member is refused, for it
 * may be a misspelt one.
 */
#pragma once

#include "web/desk.h"

/* Strings of @ret_policy are the body's. from is absent where it is not given; created and
 * created_by are not set. @more: names of members that the body may have besides, ended by NULL;
 * NULL: none. INVALID, NOT_FOUND. */
gboolean policy_form_read(const WebDesk *desk, const PolicyNames *names, json_t *body,
                          const char *const *more, StorePolicy *ret_policy,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A day or instant; absent where the member is. INVALID. */
gboolean policy_form_time(json_t *body, const char *member, UtcTime *ret_time,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* INVALID names a member of the object that is in neither list. Lists end with NULL; @more may be
 * NULL. */
gboolean policy_form_knows(json_t *object, const char *const *members, const char *const *more,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
