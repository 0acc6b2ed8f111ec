/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* A ring of links with a head, for objects that live on exactly one list at a time. */
#include <pp/base/check.h>

struct pp_link {
	struct pp_link *next, *prev;
};

#define PP_OUTER(link, type, member) ((type *)(void *)((char *)(link)-offsetof(type, member)))

static inline void pp_list_begin(struct pp_link *head)
{
	head->next = head->prev = head;
}

static inline bool pp_list_is_empty(const struct pp_link *head)
{
	return head->next == head;
}

static inline void pp_list_push(struct pp_link *head, struct pp_link *link)
{
	link->prev = head->prev;
	link->next = head;
	head->prev->next = link;
	head->prev = link;
}

/* Taking out a link that is on no list (zeroed, or taken out before) does nothing. */
static inline void pp_list_remove(struct pp_link *link)
{
	if (!link->next)
		return;
	link->prev->next = link->next;
	link->next->prev = link->prev;
	link->next = link->prev = NULL;
}

/* The first link, taken out, or NULL. */
static inline struct pp_link *pp_list_take(struct pp_link *head)
{
	struct pp_link *first = head->next;

	if (first == head)
		return NULL;
	pp_list_remove(first);
	return first;
}
