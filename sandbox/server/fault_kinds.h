/*
 * fault_kinds: the table of faults: what each does to a request. Which requests are struck is
 * decided in faults.c.
 */
#pragma once

#include "call.h"

typedef struct {
    const char *name;
    const char *path; /* glob over the path, where a rule gives none */
    const char *summary;
    gboolean (*applies)(const Call *call);                           /* NULL: always */
    void (*before)(Call *call, const json_t *options);               /* happens, then goes on */
    void (*instead)(Call *call, const json_t *options);              /* is the answer */
    void (*change)(Call *call, const json_t *options, json_t *body); /* of a good JSON answer */
    void (*deliver)(Call *call, const json_t *options);              /* of any answer */
} FaultKind;

/* Ends with a NULL name. */
extern const FaultKind fault_kinds[];
