/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * The web application: what meson built from web/ (setting `web`), mapped into memory when a worker
 * starts, so that all workers share it and a new build counts from the next start or SIGHUP on.
 * What stands in the folder assets/ has a hash in its name and may be kept for ever; everything
 * else is asked for anew. Beside a file lie the same bytes coded, as NAME.br and NAME.gz.
 *
 * Every page is one document, index.html, in which a script makes what is seen. For readers
 * without script, for search engines and for link previews the server writes into it what the page
 * is about.
 */
#include <pp/core/req.h>

struct pp_web;

/* NULL, with the reason, where the folder holds no application. */
struct pp_web *pp_web_open(const char *folder, char error[256]);
void pp_web_close(struct pp_web *web);

/* A file of that path below the folder ("assets/x.js", "favicon.svg"), coded as the client likes;
 * 404 unknown_page where there is none. */
enum pp_next pp_web_reply_file(struct pp_req *req, struct pp_slice path);

/* What a page says of itself; everything may be empty. All is UTF-8, escaped here. */
struct pp_web_page {
	int status; /* 0: 200 */
	struct pp_slice title, description;
	struct pp_slice canonical; /* path; the address under which the page is to be found */
	struct pp_slice feed;      /* path of an Atom feed of it */
	struct pp_slice data;      /* JSON-LD (schema.org) */
	struct pp_slice text;      /* HTML for <noscript>; whoever writes it escapes it */
	struct pp_slice without;   /* the same for a server without the application; empty: 404 */
};

/* The document with that. */
enum pp_next pp_web_reply_page(struct pp_req *req, const struct pp_web_page *page);
/* The same for whoever writes the text piece by piece, between the two: without the application
 * there is none. The reply is the caller's. */
void pp_web_page_begin(struct pp_req *req, const struct pp_web_page *page, struct pp_buf *out);
void pp_web_page_end(struct pp_req *req, struct pp_buf *out);

/* The only step of a page about which nothing can be said to strangers: not to be indexed. */
pp_step pp_web_show;
