/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/core/web.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pp/core/html.h>
#include <pp/io/secret.h>

#define TAG_SIZE 48

/* In the order in which pp_http_coding names them; PLAIN is always there. */
enum { PLAIN, GZIP, BROTLI, FORMS };

static const struct {
	const char *ending, *coding;
} forms[FORMS] = { { "", NULL }, { ".gz", "gzip" }, { ".br", "br" } };

struct file {
	struct pp_slice path; /* below the folder */
	const char *media_type;
	struct pp_slice bytes[FORMS]; /* at == NULL: not there in that form */
	char tag[TAG_SIZE];           /* of the plain form, without quotes */
	struct file *next;
};

struct pp_web {
	struct pp_arena arena;
	const char *folder;
	struct file *files;
	/* index.html, cut where the server writes. */
	struct pp_slice before_session, before_head, before_site, before_text, after;
};

static const struct {
	const char *ending, *media_type;
} types[] = {
	{ ".html", "text/html; charset=utf-8" },
	{ ".js", "text/javascript; charset=utf-8" },
	{ ".css", "text/css; charset=utf-8" },
	{ ".json", "application/json" },
	{ ".svg", "image/svg+xml" },
	{ ".png", "image/png" },
	{ ".woff2", "font/woff2" },
	{ ".txt", "text/plain; charset=utf-8" },
};

static const char *type_of(struct pp_slice path)
{
	for (size_t i = 0; i < PP_LENGTH(types); i++)
		if (pp_slice_ends(path, pp_slice_of(types[i].ending)))
			return types[i].media_type;
	return NULL;
}

/* The bytes of a file, or at == NULL where there is none. An empty one is none either. */
static struct pp_slice map(struct pp_web *web, struct pp_slice path, const char *ending)
{
	struct pp_slice name = pp_format(
		&web->arena, "%s/%.*s%s", web->folder, PP_SHOW(path), ending);
	struct pp_slice found = { 0 };
	int fd = open(name.at, O_RDONLY | O_CLOEXEC);
	struct stat about;
	void *bytes;

	if (fd < 0)
		return found;
	if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0) {
		bytes = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (bytes != MAP_FAILED)
			found = pp_slice(bytes, (size_t)about.st_size);
	}
	close(fd);
	return found;
}

static void add(struct pp_web *web, struct pp_slice path)
{
	const char *media_type = type_of(path);
	unsigned char hash[PP_SHA256_SIZE];
	struct pp_buf *tag;
	struct file *file;

	/* The coded forms are found with their plain one. */
	if (!media_type)
		return;
	file = PP_NEW(&web->arena, struct file);
	file->path = pp_copy(&web->arena, path);
	file->media_type = media_type;
	for (int form = 0; form < FORMS; form++)
		file->bytes[form] = map(web, path, forms[form].ending);
	if (!file->bytes[PLAIN].at)
		return;
	pp_sha256(file->bytes[PLAIN], hash);
	tag = pp_buf_make(&web->arena);
	pp_base64url(tag, pp_slice((char *)hash, sizeof(hash)));
	PP_MUST(tag->len < TAG_SIZE);
	memcpy(file->tag, tag->at, tag->len);
	file->next = web->files;
	web->files = file;
}

/* The files of one folder, and of those in it. */
static bool read_folder(struct pp_web *web, struct pp_slice below)
{
	DIR *folder = opendir(pp_format(&web->arena, "%s/%.*s", web->folder, PP_SHOW(below)).at);
	const struct dirent *entry;

	if (!folder)
		return false;
	while ((entry = readdir(folder))) {
		struct pp_slice path = pp_format(
			&web->arena, "%.*s%s", PP_SHOW(below), entry->d_name);

		if (entry->d_name[0] == '.')
			continue;
		if (entry->d_type == DT_DIR)
			read_folder(web, pp_format(&web->arena, "%.*s/", PP_SHOW(path)));
		else
			add(web, path);
	}
	closedir(folder);
	return true;
}

static const struct file *find(const struct pp_web *web, struct pp_slice path)
{
	const struct file *file = web->files;

	while (file && !pp_slice_is(file->path, path))
		file = file->next;
	return file;
}

/* Cuts the text at a mark; *before is what stands before it, *rest what follows. */
static bool cut_at(
	struct pp_slice text, struct pp_slice mark, struct pp_slice *before, struct pp_slice *rest)
{
	const char *found = memmem(text.at, text.len, mark.at, mark.len);

	if (!found)
		return false;
	*before = pp_slice(text.at, (size_t)(found - text.at));
	*rest = pp_slice(found + mark.len, text.len - before->len - mark.len);
	return true;
}

static bool cut_document(struct pp_web *web)
{
	const struct file *index = find(web, PP_S("index.html"));
	struct pp_slice rest;

	return index &&
		cut_at(index->bytes[PLAIN], PP_S("lang=\"de\" data-session=\"none\""),
			&web->before_session, &rest) &&
		cut_at(rest, PP_S("<!--head-->"), &web->before_head, &rest) &&
		cut_at(rest, PP_S("<!--site-->"), &web->before_site, &rest) &&
		cut_at(rest, PP_S("<!--text-->"), &web->before_text, &web->after);
}

struct pp_web *pp_web_open(const char *folder, char error[256])
{
	struct pp_web *web = calloc(1, sizeof(*web));

	PP_MUST(web);
	pp_arena_begin(&web->arena);
	web->folder = folder;
	if (!read_folder(web, PP_S("")))
		snprintf(error, 256, "%s: %s", folder, strerror(errno));
	else if (!cut_document(web))
		snprintf(error, 256, "%s: no index.html of the web application", folder);
	else
		return web;
	pp_web_close(web);
	return NULL;
}

void pp_web_close(struct pp_web *web)
{
	if (!web)
		return;
	for (struct file *file = web->files; file; file = file->next)
		for (int form = 0; form < FORMS; form++)
			if (file->bytes[form].at)
				munmap((void *)(uintptr_t)file->bytes[form].at,
					file->bytes[form].len);
	pp_arena_end(&web->arena);
	free(web);
}

enum pp_next pp_web_reply_file(struct pp_req *req, struct pp_slice path)
{
	const struct file *file = req->server->web ? find(req->server->web, path) : NULL;
	const char *accepted;
	int form = PLAIN;

	if (!file)
		return pp_refuse(req, PP_not_found, "the web application has no such file");
	accepted = pp_http_coding(req->exchange);
	for (int i = 0; accepted && i < FORMS; i++)
		if (forms[i].coding && strcmp(forms[i].coding, accepted) == 0 && file->bytes[i].at)
			form = i;
	return pp_reply_kept(req, file->media_type, forms[form].coding,
		pp_format(req->arena, "\"%s\"", file->tag), file->bytes[form],
		pp_slice_starts(path, PP_S("assets/")));
}

static void add_meta(struct pp_buf *out, const char *kind, const char *name, struct pp_slice value)
{
	if (!value.len)
		return;
	pp_buf_format(out, "<meta %s=\"%s\" content=\"", kind, name);
	pp_html_add(out, value);
	pp_buf_text(out, "\">");
}

static void add_link(struct pp_req *req, struct pp_buf *out, const char *rest, struct pp_slice path)
{
	if (!path.len)
		return;
	pp_buf_format(out, "<link rel=%s href=\"", rest);
	pp_html_add(out, pp_url(req, path));
	pp_buf_text(out, "\">");
}

/* Inside of a script element only "</" could end it, and JSON may write that otherwise (RFC 8259
 * §7). */
static void add_data(struct pp_buf *out, struct pp_slice json)
{
	if (!json.len)
		return;
	pp_buf_text(out, "<script type=\"application/ld+json\">");
	for (size_t i = 0; i < json.len; i++) {
		if (json.at[i] == '<')
			pp_buf_text(out, "\\u003c");
		else
			pp_buf_add(out, &json.at[i], 1);
	}
	pp_buf_text(out, "</script>");
}

static void add_head(struct pp_req *req, struct pp_buf *out, const struct pp_web_page *page)
{
	pp_buf_text(out, "<title>");
	if (page->title.len) {
		pp_html_add(out, page->title);
		pp_buf_text(out, " – ");
	}
	pp_buf_text(out, "Planungsplattform</title>");
	add_meta(out, "name", "description", page->description);
	add_meta(out, "property", "og:title", page->title);
	add_meta(out, "property", "og:description", page->description);
	if (!page->canonical.len)
		pp_buf_text(out, "<meta name=\"robots\" content=\"noindex\">");
	add_link(req, out, "\"canonical\"", page->canonical);
	add_link(req, out, "\"alternate\" type=\"application/atom+xml\"", page->feed);
	add_data(out, page->data);
}

/* What an official site says above everything (KERN's Kopfzeile): before any script, and without.
 */
static void add_kopfzeile(struct pp_req *req, struct pp_buf *out)
{
	struct pp_slice words = req->server->site.kopfzeile;

	if (!words.len)
		return;
	pp_buf_format(out,
		"<section class=\"kern-kopfzeile\" aria-label=\"%s\"><div "
		"class=\"kern-kopfzeile__content\"><span class=\"kern-kopfzeile__label\">",
		req->english ? "Official website" : "Offizielle Website");
	pp_html_add(out, words);
	pp_buf_text(out, "</span></div></section>");
}

/* At an address of no page nobody has asked who it is. */
static bool has_session(struct pp_req *req)
{
	return req->route ? req->who.is_session : pp_cookie(req, PP_SESSION_COOKIE).len > 0;
}

static enum pp_next reply_without(struct pp_req *req, const struct pp_web_page *page)
{
	struct pp_buf *out = pp_buf_make(req->arena);

	if (!page->without.len)
		return pp_refuse(req, PP_not_found, "this server runs without the web application");
	pp_html_page(out, req->english, page->title, page->without);
	req->is_own_page = true;
	pp_reply_field(req, "Content-Language", req->english ? PP_S("en") : PP_S("de"));
	return pp_reply(req, 200, "text/html; charset=utf-8", pp_buf_all(out));
}

void pp_web_page_begin(struct pp_req *req, const struct pp_web_page *page, struct pp_buf *out)
{
	const struct pp_web *web = req->server->web;

	pp_buf_slice(out, web->before_session);
	pp_buf_format(out, "lang=\"%s\" data-session=\"%s\"", req->english ? "en" : "de",
		has_session(req) ? "open" : "none");
	pp_buf_slice(out, web->before_head);
	add_head(req, out, page);
	pp_buf_slice(out, web->before_site);
	add_kopfzeile(req, out);
	pp_buf_slice(out, web->before_text);
	req->is_page = true;
	pp_reply_field(req, "Content-Language", req->english ? PP_S("en") : PP_S("de"));
}

void pp_web_page_end(struct pp_req *req, struct pp_buf *out)
{
	pp_buf_slice(out, req->server->web->after);
}

enum pp_next pp_web_reply_page(struct pp_req *req, const struct pp_web_page *page)
{
	struct pp_buf *out = pp_buf_make(req->arena);
	struct pp_slice text = page->text;

	if (!req->server->web)
		return reply_without(req, page);
	if (!text.len)
		text = req->english
			? PP_S("<p>This page needs JavaScript. What is published can be "
			       "read on the <a href=\"/\">start page</a> without.</p>")
			: PP_S("<p>Für diese Seite muss JavaScript eingeschaltet sein. Was "
			       "veröffentlicht ist, steht auch ohne auf der <a "
			       "href=\"/\">Startseite</a>.</p>");
	pp_web_page_begin(req, page, out);
	pp_buf_slice(out, text);
	pp_web_page_end(req, out);
	return pp_reply(req, page->status ? page->status : 200, "text/html; charset=utf-8",
		pp_buf_all(out));
}

enum pp_next pp_web_show(struct pp_req *req)
{
	return pp_web_reply_page(req, &(struct pp_web_page){ 0 });
}
