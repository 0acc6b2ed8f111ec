/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Routes are rows. A row says who may call it, what it takes, what it asks and what it is called;
 * the router, the checks of parameters and bodies, the OpenAPI document, the matrix of rights and
 * the labels of the log all come from the same row.
 */
#include <pp/core/ows.h>
#include <pp/io/http.h>
#include <pp/io/db.h>

struct pp_req;

enum pp_next { PP_NEXT, PP_WAIT, PP_DONE };
typedef enum pp_next pp_step(struct pp_req *req);

/*
 * Who may call a route: bits of roles. Whoever asks acts either for one body, with the roles of the
 * membership in it, or as a person, with those of the account; one may have several.
 */
enum pp_may {
	PP_ANYONE = 1,      /* no sign-in */
	PP_PUBLIC = 2,      /* a person, whatever else the account is */
	PP_READER = 4,      /* every member of a body */
	PP_CLERK = 8,       /* writes drafts */
	PP_RELEASER = 16,   /* submits */
	PP_MANAGER = 32,    /* conducts the body's procedures */
	PP_BODY_ADMIN = 64, /* says who is a member of the body */
	PP_OVERSIGHT = 128, /* planning authority of a Land: reads its procedures */
	PP_OPERATOR = 256,  /* runs the platform, without access to contents */
	PP_AUDITOR = 512,
	PP_SIGNED_IN = PP_PUBLIC | PP_READER,
};

/* What a member of a body or a parameter of the query string may be. */
enum pp_field_kind {
	PP_TEXT,     /* UTF-8 of min to max characters */
	PP_CHOICE,   /* one of choices, "A|B|C" */
	PP_ID,       /* UUID */
	PP_AGS,      /* 8 digits of a municipality */
	PP_BODY_KEY, /* key of a body, see the contract */
	PP_DATE,     /* YYYY-MM-DD */
	PP_INSTANT,  /* RFC 3339 */
	PP_INTEGER,  /* from min to max */
	PP_NUMBER,
	PP_BOOLEAN,
	PP_BBOX, /* minx,miny,maxx,maxy in degrees (CRS84) or metres */
	PP_EMAIL,
	PP_GEOMETRY, /* GeoJSON, read by our own reader */
	PP_OBJECT,   /* with fields; without, any object of at most 16 kB */
	PP_LIST,     /* of elements as fields[0] says, min to max of them */
};

struct pp_field {
	const char *name; /* NULL ends the table */
	enum pp_field_kind kind;
	bool required;
	bool nullable;
	int64_t min, max; /* max 0: the default of the kind */
	const char *choices;
	const struct pp_field *fields;
	const char *about; /* English sentence for the OpenAPI document */
	const char *only;  /* "A|B": only beside a first field with one of these values */
};

/*
 * How often it may be called. A route names one of the first five, which are counted by address;
 * the others are counted on every route, see rate.c. The settings rate_… say how often.
 */
enum pp_rate {
	PP_RATE_FREE,
	PP_RATE_PUBLIC,
	PP_RATE_COSTLY,
	PP_RATE_SIGN_IN,
	PP_RATE_MAIL,
	PP_RATE_ACCOUNT,
	PP_RATE_PROCEDURE,
	PP_RATES
};

/* What a browser is told about the reply, see guard.c. */
enum pp_content {
	PP_CONTENT_DATA,        /* for programs: JSON, GeoJSON, CSV, calendars, events */
	PP_CONTENT_PAGE,        /* HTML of ours without script */
	PP_CONTENT_APPLICATION, /* the web application: its one document and its files */
	PP_CONTENT_DOCUMENT,    /* a file that somebody has uploaded */
	PP_CONTENTS
};

struct pp_route {
	enum pp_method method;
	const char *path;              /* below /api/v1, or absolute with a leading "//" */
	unsigned may;                  /* enum pp_may bits, never 0 */
	pp_step *const *steps;         /* NULL: ask the query, reply with its row */
	const char *query;             /* the named query of a plain route */
	const struct pp_field *params; /* of the query string */
	const struct pp_field *body;   /* NULL: no body */
	const char *media_types;       /* of a body that is a file, separated by blanks; or any */
	const char *text_types; /* of a body that the steps read from memory, separated by blanks */
	bool file_streams;      /* the steps take it piece by piece (pp/core/flow.h) */
	uint64_t body_limit;    /* of JSON, bytes; 0: 1 MB */
	uint64_t file_limit;    /* of a file, bytes */
	enum pp_rate rate;
	enum pp_content content; /* of a reply that is no refusal */
	unsigned deadline_ms;    /* 0: 5,000 */
	bool has_no_etag;        /* the representation changes without a version of its own */
	const char *summary;     /* English; the OpenAPI document and the matrix of rights */
	bool creates;            /* 201 with Location, not 200 */
	bool ends;               /* 204 without a body */
	bool accepts;            /* 202 without a body: what comes of it is not said */
	bool mails;              /* a mail has to follow: 409 while none is sent */
	bool signs;              /* the reply holds receipts, see receipts.h */
	bool binds;              /* what a body does with it binds it, see assurance.h */
	bool by_token;           /* whose it is says the field Status-Token */
	bool by_link;            /* which invitation it is about says the field Invitation-Link */
	bool by_upload;          /* whose attachments they are says the field Upload-Token, where
				    nobody has signed in for a body */
	bool is_sign_in;         /* whoever calls it is nobody yet: credentials are not looked at */
	bool takes_form;         /* its body may be a form, sent from a page of ours */
	bool from_servers;       /* the form is another server's: no page sends it, it may come as
				    parts (RFC 7578), and what is unknown in it is ignored */
	bool has_other_params;   /* parameters without a row are ignored (RFC 6749 §4.1.2) */
	bool asks; /* a POST that reads as a GET does: other sites' pages may send it */
	/* It is refused with a report of exceptions instead of a problem document, in the words of
	 * that version. */
	enum pp_ows (*ows)(const struct pp_req *req);
	bool is_page_too;  /* its address is a page of the application as well: so is its refusal
			      for whoever looks at it in a browser */
	bool for_sessions; /* about the session that asks: a token has nothing to do here */
};

/* Whether its address is one of those that GIS programs are given: /ogc, /wfs and what is below. */
bool pp_route_is_gis(const struct pp_route *route);

/* The roles by name, in the order of the matrix. */
struct pp_may_role {
	const char *name;
	unsigned bit, includes; /* members read, and every account is a person's */
};

#define PP_MAY_ROLES 10
extern const struct pp_may_role pp_may_roles[PP_MAY_ROLES];

/* What the role of that name may, as bits; 0 where there is none of that name. */
unsigned pp_may_of(struct pp_slice name);
/* Whether the route's column lets that role in. */
bool pp_may_enter(const struct pp_may_role *role, const struct pp_route *route);

/* Of whom one must be to come through to what the path names, in a word of docs/api/rights.md:
 * "everybody", "parties", "planner"; "" where the path names nothing (sight.def). */
const char *pp_may_sight(const struct pp_route *route);

#define PP_PATH_PARAMS 5

struct pp_match {
	const struct pp_route *route; /* NULL: no such path, or no such method on it */
	unsigned allowed;             /* bits 1 << method of the path; 0: no such path */
	size_t param_count;
	struct pp_slice names[PP_PATH_PARAMS], values[PP_PATH_PARAMS];
};

/* Finds the route of a method and a decoded path; HEAD finds GET. */
void pp_route_find(const struct pp_route *const *rooms, enum pp_method method, struct pp_slice path,
	struct pp_match *match);
/* The values of an Allow field for those bits (RFC 9110 §10.2.1), HEAD and OPTIONS included. */
struct pp_slice pp_route_allow(struct pp_arena *arena, unsigned allowed);
/* Aborts at start when a row is wrong: no may, no summary, a query that does not exist, a query's
 * parameter that nothing binds. */
void pp_route_check(
	const struct pp_route *const *rooms, const struct pp_query *queries, size_t query_count);
