/*
 * Inside cli: the ways in which people name a repository.
 */
#pragma once

#include "base/base.h"

typedef struct {
    char *workspace, *slug;
    char *full_name; /* "workspace/slug" */
    char *api_base;  /* NULL: Bitbucket Cloud's; set for a stand-in on this machine */
    char *git_base;  /* likewise */
} RepositoryAddress;

void repository_address_clear(RepositoryAddress *address);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RepositoryAddress, repository_address_clear)

/* Understands https://bitbucket.org/WORKSPACE/REPOSITORY with anything behind it, the clone
 * addresses over HTTPS and SSH, WORKSPACE/REPOSITORY, and http://127.0.0.1:PORT/… of a stand-in.
 * INVALID says what is wrong and never repeats a credential. */
gboolean repository_address_parse(const char *text, RepositoryAddress *ret_address,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether @base is plain http to this machine; *@ret_origin receives "http://host:port" (free with
 * g_free; may be NULL). */
gboolean address_is_loopback(const char *base, char **ret_origin);
