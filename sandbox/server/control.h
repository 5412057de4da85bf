/*
 * control: the address by which tests move the clock, make activity, switch faults and count
 * requests (docs/sandbox.md). It has its own token and no quota.
 */
#pragma once

#include "call.h"

void control_answer(Call *call);
