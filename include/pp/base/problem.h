/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Every reason for a refusal that a user can act on is one row of problem.def; REST, WFS, SQL and
 * the command line name the same rows. A fault is a problem with its place: pure functions return
 * false and fill one in.
 */
#include <pp/base/slice.h>

enum pp_problem {
	PP_no_problem,
#define PP_PROBLEM(id, status, ows, de, en) PP_##id,
#include <pp/base/problem.def>
#undef PP_PROBLEM
	PP_PROBLEM_COUNT
};

struct pp_problem_row {
	const char *id;
	int status;      /* HTTP, RFC 9110 §15 */
	const char *ows; /* exceptionCode of OWS Common */
	const char *de, *en;
};

const struct pp_problem_row *pp_problem_row(enum pp_problem problem);
/* The problem of that id, or PP_no_problem. */
enum pp_problem pp_problem_named(struct pp_slice id);

struct pp_fault {
	enum pp_problem problem;
	char detail[256];  /* English, one sentence that says what to do */
	char pointer[128]; /* JSON pointer (RFC 6901) into the request, or empty */
	bool has_place;    /* then both places are set */
	double x, y;       /* EPSG:25832, metres east, north */
	double lon, lat;   /* degrees */
};

/* Fills in the fault and returns false, so that a check reads `return pp_fault(...)`. */
bool pp_fault(struct pp_fault *fault, enum pp_problem problem, const char *format, ...)
	PP_PRINTF(3, 4);
