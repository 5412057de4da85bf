/*
 * The stream of `git log` that a walk reads: how it is asked for and how it is read.
 */
#pragma once

#include "git/reader.h"

/* git writes --numstat -z behind each record. */
#define GIT_LOG_FORMAT                                                                             \
    "--format=tformat:%H%x00%T%x00%P%x00%an%x00%ae%x00%at%x00%cn%x00%ce%x00%ct%x00%s"

/* Reads records until the source's end. */
gboolean git_log_read(GitReader *reader, GitCommitVisitor visitor, gpointer user_data,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
