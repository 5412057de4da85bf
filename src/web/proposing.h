/*
 * proposing: changes that wait for somebody's decision, on their way in. Inside the web room.
 */
#pragma once

#include "web/desk.h"

/* What to propose, of PROPOSAL_OF_…. Strings are borrowed. */
typedef struct {
    gint64 workspace_id;
    const char *kind, *summary, *body;
} WebProposal;
/* Puts it on the list, writes it down in the admin log, and answers with 202 and its number. */
gboolean web_propose(const WebCall *call, const WebProposal *proposal, WebReply *reply,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The instant of a change to what merges are judged by: this machine's, or Bitbucket's where its
 * clock is ahead, so that it lies behind every merge that has been read. */
UtcTime web_desk_instant(const WebDesk *desk, const WebCall *call);

/* ---- for api_proposals.c, by who owns the subject */

/* Who is asked for what; json NULL where not needed. */
gboolean web_propose_policy(const WebCall *call, const WebDesk *desk, json_t *policy,
                            WebReply *reply, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean web_propose_policy_end(const WebCall *call, const WebDesk *desk, gint64 policy_id,
                                UtcTime at, WebReply *reply,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean web_propose_selection(const WebCall *call, const WebDesk *desk, json_t *rules,
                               WebReply *reply, GError **error) G_GNUC_WARN_UNUSED_RESULT;
