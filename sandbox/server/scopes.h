/*
 * scopes: what a route asks for and whether a credential has it. OAuth names imply others, the
 * names of API tokens imply nothing.
 */
#pragma once

#include <glib.h>

/* @required: comma separated, all needed; "" asks for nothing. Names of API tokens are written
 * without their ":bitbucket". */
gboolean scopes_suffice(const char *const *granted, const char *required, gboolean api_token);
/* As they are written in answers; free with g_strfreev. */
char **scopes_spell(const char *required, gboolean api_token);
