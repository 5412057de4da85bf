/*
 * words: the company's vocabulary, for names, titles, paths, messages and comments.
 */
#pragma once

#include "company_chance.h"

/* The @i-th of words_person_count() different names. */
guint words_person_count(void);
void words_person_name(guint i, const char **ret_first, const char **ret_last);

guint words_project_count(void);
void words_project(guint i, const char **ret_key, const char **ret_name);
/* Slug of the @i-th repository of a company, different for each; free with g_free. */
char *words_repository_slug(guint i);
const char *words_language(guint i);

/* "Reject expired sessions in billing export" */
char *words_change(Chance *chance);
/* The same as a part of a branch name: "reject-expired-sessions"; free with g_free. */
char *words_branch_part(const char *title);
const char *words_dependency(Chance *chance);

/* A path of authored code with @number in it, unique for it; free with g_free. */
char *words_source_path(Chance *chance, const char *language, guint number);
char *words_vendored_path(Chance *chance, guint number);

/* Text of a comment; free with g_free. */
char *words_comment(guint64 seed, gboolean huge);
char *words_bot_comment(guint64 seed);
