/*
 * Small repositories for the tests: made by git itself, in a temporary folder.
 */
#pragma once

#include "git/git.h"

/* cmocka wants these first */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

typedef struct {
    char *folder;     /* all of it; removed at the end */
    char *repository; /* a bare repository to fill: <folder>/origin.git */
    char *mirrors;    /* for GitMirrorConfig.folder */
} Fixture;

Fixture *fixture_new(void);
void fixture_free(Fixture *fixture);

/* Runs git in the repository and gives its output without the last line feed. A failure of git
 * fails the test. Free with g_free. */
char *fixture_git(const Fixture *fixture, const char *const *arguments, const char *input,
                  gssize input_length);
#define GIT(fixture, ...) fixture_git(fixture, (const char *const[]){__VA_ARGS__, NULL}, NULL, 0)

/* Feeds a stream to git fast-import. */
void fixture_import(const Fixture *fixture, const char *stream, gssize length);

/* A mirror named "m" that holds what the repository holds, without a server. */
GitMirror *fixture_mirror(const Fixture *fixture);

/* Records copied from visitors. */
typedef struct {
    char *hash, *tree, *author_name, *author_email, *committer_name, *committer_email, *subject;
    UtcTime authored, committed;
    GPtrArray *parents; /* texts */
    GPtrArray *files;   /* "added removed path" or "added removed old => path"; '-' for absent */
} SeenCommit;

GPtrArray *seen_commits_new(void);
gboolean seen_commits_visit(const Commit *commit, gpointer user_data, GError **error);
const SeenCommit *seen_commits_find(const GPtrArray *seen, const char *subject);
char *file_text(const FileChange *file);
