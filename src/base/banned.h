/*
 * Functions that are compile errors here. Included before every source file by the build.
 * Use instead: g_snprintf, g_strlcpy, g_string_*, g_ascii_strtoll, g_strtod-like with checks,
 * gmtime_r, strtok_r.
 */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define sprintf(...)   BANNED_sprintf_use_g_snprintf
#define vsprintf(...)  BANNED_vsprintf_use_g_vsnprintf
#define strcpy(...)    BANNED_strcpy_use_g_strlcpy
#define strcat(...)    BANNED_strcat_use_g_string
#define strncpy(...)   BANNED_strncpy_use_g_strlcpy
#define strncat(...)   BANNED_strncat_use_g_string
#define gets(...)      BANNED_gets
#define strtok(...)    BANNED_strtok_use_g_strsplit
#define atoi(...)      BANNED_atoi_use_g_ascii_string_to_signed
#define atol(...)      BANNED_atol_use_g_ascii_string_to_signed
#define atof(...)      BANNED_atof_use_g_ascii_strtod
#define gmtime(...)    BANNED_gmtime_use_gmtime_r
#define localtime(...) BANNED_localtime_use_GDateTime
#define ctime(...)     BANNED_ctime
#define asctime(...)   BANNED_asctime
#define system(...)    BANNED_system_use_GSubprocess
#define popen(...)     BANNED_popen_use_GSubprocess
#define tmpnam(...)    BANNED_tmpnam_use_g_mkstemp
#define mktemp(...)    BANNED_mktemp_use_g_mkstemp
