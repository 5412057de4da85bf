/*
 * replay: serves API objects that were recorded, from a folder (docs/sandbox.md, "Recordings"),
 * with the same credentials, paging, "fields", "q" and faults as a generated company. Everything is
 * read when it is opened; immutable afterwards but for its clock.
 */
#pragma once

#include "call.h"

/* Fills the sandbox's workspace, places and clock. Base URLs must be known: links are rewritten to
 * them. */
gboolean replay_open(Sandbox *sandbox, const char *folder, GError **error);
void replay_free(Replay *replay);
/* Answers any route that has recorded objects; 404 or an empty list where there are none. */
void replay_answer(Call *call);
