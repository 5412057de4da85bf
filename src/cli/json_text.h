/*
 * Inside cli: JSON documents on their way out.
 */
#pragma once

#include <jansson.h>

#include "base/base.h"

/* Indented, with a line end. Takes @value. */
GString *cli_json_text(json_t *value);
/* The instant as ISO 8601 in UTC, or null. */
json_t *cli_json_time(UtcTime at);
