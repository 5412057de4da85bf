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

#undef sprintf /* the C library may have it as a macro */
#define sprintf(...) BANNED_sprintf_use_g_snprintf
#undef vsprintf
#define vsprintf(...) BANNED_vsprintf_use_g_vsnprintf
#undef strcpy
#define strcpy(...) BANNED_strcpy_use_g_strlcpy
#undef strcat
#define strcat(...) BANNED_strcat_use_g_string
#undef strncpy
#define strncpy(...) BANNED_strncpy_use_g_strlcpy
#undef strncat
#define strncat(...) BANNED_strncat_use_g_string
#undef gets
#define gets(...) BANNED_gets
#undef strtok
#define strtok(...) BANNED_strtok_use_g_strsplit
#undef atoi
#define atoi(...) BANNED_atoi_use_g_ascii_string_to_signed
#undef atol
#define atol(...) BANNED_atol_use_g_ascii_string_to_signed
#undef atof
#define atof(...) BANNED_atof_use_g_ascii_strtod
#undef gmtime
#define gmtime(...) BANNED_gmtime_use_gmtime_r
#undef localtime
#define localtime(...) BANNED_localtime_use_GDateTime
#undef ctime
#define ctime(...) BANNED_ctime
#undef asctime
#define asctime(...) BANNED_asctime
#undef system
#define system(...) BANNED_system_use_GSubprocess
#undef popen
#define popen(...) BANNED_popen_use_GSubprocess
#undef tmpnam
#define tmpnam(...) BANNED_tmpnam_use_g_mkstemp
#undef mktemp
#define mktemp(...) BANNED_mktemp_use_g_mkstemp
