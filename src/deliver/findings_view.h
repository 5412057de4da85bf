/*
 * Inside deliver: the words that the texts and documents of findings share. Everything returned is
 * for g_free unless it says otherwise.
 */
#pragma once

#include "deliver/findings.h"

/* Borrowed; NULL where the finding is of none. */
const char *finding_person_name(const FindingView *view, gint64 person_id);
const char *finding_repository_name(const FindingView *view, gint64 repository_id);
/* "billing#12 Round half up", "billing", "Ana Roy", "billing: feature/old"; what it is about. NULL
 * on failure. */
char *finding_about(const FindingView *view, const StoreFinding *finding, GError **error);
/* The title of the pull request it is about; NULL without error where it is of none, or gone. */
char *finding_pull_title(const FindingView *view, const StoreFinding *finding, GError **error);
/* "open", "snoozed until 16 Nov 2026, 08:00 UTC", "resolved …". */
char *finding_state_words(const StoreFinding *finding);
