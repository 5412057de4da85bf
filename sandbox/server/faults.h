/*
 * faults: switches that make the sandbox misbehave as the real service has been seen to. One table
 * (faults.c) names each; a rule says which requests it strikes and how often. Any thread.
 */
#pragma once

#include "call.h"

typedef struct FaultList FaultList;

Faults *faults_new(void);
void faults_free(Faults *faults);

/* From {"fault":name,"path":glob,"method","repository":slug,"token":name,"nth":n,"count":n,
 * "probability":p,"seed":n, and what the fault takes}. FALSE: @ret_message says why. */
gboolean faults_add(Faults *faults, const json_t *wanted, char **ret_message);
void faults_reset(Faults *faults);
/* The rules with how often each matched and struck, and the table of faults. */
json_t *faults_describe(Faults *faults);

/* The rules that strike this request; counts it for each that matches, and does what happens before
 * an answer is looked for (renames and the like). */
FaultList *faults_begin(Faults *faults, Call *call);
/* TRUE: a rule has answered in the sandbox's place. */
gboolean faults_answer(FaultList *list, Call *call);
/* Spoils the answer that was made. */
void faults_end(FaultList *list, Call *call);
void fault_list_free(FaultList *list);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FaultList, fault_list_free)
