/*
 * Foreign bytes made into text that the store accepts, and hash digits.
 */
#pragma once

#include "git/git.h"

/* Appends @bytes as valid UTF-8 without control characters, cut at a character to @maximum bytes,
 * and a NUL. What is not UTF-8 becomes U+FFFD. */
void git_text_append(GString *text, const char *bytes, gsize length, gsize maximum);

/* Appends a path and a NUL. Bytes that are not UTF-8 are written as git writes them, "\344", so
 * that two paths stay two. */
void git_text_append_path(GString *text, const char *bytes, gsize length);

/* 40 or 64 lower-case hex digits. */
gboolean git_text_is_hash(const char *bytes, gsize length);

/* 7 to 64 lower- or upper-case hex digits, as a payload names a commit. @text may be NULL. */
gboolean git_text_is_hash_or_prefix(const char *text);
