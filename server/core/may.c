/* SPDX-License-Identifier: EUPL-1.2 */
/* The roles of docs/api/rights.md: pp.membership and pp.account hold the same words. */
#include <pp/core/route.h>

#include <string.h>

const struct pp_may_role pp_may_roles[PP_MAY_ROLES] = {
	{ "anyone", PP_ANYONE, 0 },
	{ "public", PP_PUBLIC, 0 },
	{ "reader", PP_READER, 0 },
	{ "clerk", PP_CLERK, PP_READER },
	{ "releaser", PP_RELEASER, PP_READER },
	{ "manager", PP_MANAGER, PP_READER },
	{ "body_administrator", PP_BODY_ADMIN, PP_READER },
	{ "oversight", PP_OVERSIGHT, PP_READER },
	{ "operator", PP_OPERATOR, PP_PUBLIC },
	{ "auditor", PP_AUDITOR, PP_PUBLIC },
};

unsigned pp_may_of(struct pp_slice name)
{
	for (size_t i = 0; i < PP_MAY_ROLES; i++)
		if (pp_slice_is(name, pp_slice_of(pp_may_roles[i].name)))
			return pp_may_roles[i].bit | pp_may_roles[i].includes;
	return 0;
}

bool pp_may_enter(const struct pp_may_role *role, const struct pp_route *route)
{
	return route->may & (role->bit | role->includes | PP_ANYONE);
}

static const struct {
	const char *path, *reads, *writes;
} sights[] = {
#define EVERYBODY                     "everybody"
#define PUBLISHED                     "published"
#define PARTIES                       "parties"
#define INVITED                       "invited"
#define PLANNER                       "planner"
#define BODY                          "body"
#define PUBLIC                        "public"
#define ASKED                         "asked"
#define PERSON                        "person"
#define OUTAGE                        "outage"
#define WRITERS                       "writers"
#define SENDER                        "sender"
#define CHAIN                         "chain"
#define OWN                           "own"
#define SECRET                        "secret"
#define PP_SIGHT(path, reads, writes) { path, reads, writes },
#include <pp/core/sight.def>
#undef PP_SIGHT
};

const char *pp_may_sight(const struct pp_route *route)
{
	for (size_t i = 0; i < PP_LENGTH(sights); i++)
		if (strcmp(sights[i].path, route->path) == 0)
			return route->method == PP_GET ? sights[i].reads : sights[i].writes;
	return "";
}
